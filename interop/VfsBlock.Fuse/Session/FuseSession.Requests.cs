using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>The way of a request: from the slot it came in to the reply, on the serving thread.</content>
public sealed partial class FuseSession
{
    private readonly FuseDispatcher _dispatcher;

    // Written before the first reply, when only one thread serves.
    private FuseDialect _dialect = FuseDialect.Newest;
    private ulong _toldUnknown;

    /// <summary>Carries out the request in <paramref name="slot"/>.</summary>
    internal void Handle(FuseSlot slot)
    {
        FuseWorker worker = slot.Worker!;
        Errno error = worker.Channel.Read(slot, _dialect, out FuseRequestReader reader);
        if (IsSilent(reader.Header.Opcode))
        {
            Trace?.Request(slot, error, reader);
            TakeNote(error, reader);
            return;
        }

        slot.Begin(reader);
        Interrupts.Claim(slot);
        Trace?.Request(slot, error, reader);
        if (error != Errno.None)
        {
            Reply(slot, Refuse(error, slot, reader.Header.Opcode));
            if (reader.Header.Opcode == FuseOpcode.Init && Volatile.Read(ref _agreement) is null)
            {
                // There will be no other.
                Fail("the kernel's INIT is malformed", null);
            }
        }
        else if (reader.Header.Opcode == FuseOpcode.Init)
        {
            AnswerInit(slot, reader.Argument<FuseInitIn>());
        }
        else if (AnswerOurselves(slot, reader.Header.Opcode) is { } answer)
        {
            Reply(slot, answer);
        }
        else if (!TryRun(slot, reader))
        {
            return;
        }

        slot.End();
    }

    /// <summary>Answers a request with what the file system said, corrected where the kernel must not see it.</summary>
    internal void Answer(FuseSlot slot, Errno error, int byteCount)
    {
        FuseRequest request = slot.Request;
        Errno answer = FuseErrnoGuard.Check(request.Opcode, error);
        if (answer != error)
        {
            Logger.AnswerReplaced(
                request.Opcode, request.Node, request.Unique, ErrnoText.Describe(error), ErrnoText.Describe(answer));
        }

        int lengthBytes = 0;
        if (answer == Errno.None)
        {
            answer = Measure(slot, byteCount, out lengthBytes);
        }

        Reply(slot, answer, lengthBytes);
    }

    /// <summary>True for messages that the kernel wants no reply to.</summary>
    private static bool IsSilent(FuseOpcode opcode) => opcode
        is FuseOpcode.Forget or FuseOpcode.BatchForget or FuseOpcode.Interrupt or FuseOpcode.NotifyReply;

    /// <summary>Has the file system carry the request out.</summary>
    /// <returns>False if the request was deferred: the slot is no longer this thread's.</returns>
    private bool TryRun(FuseSlot slot, scoped in FuseRequestReader reader)
    {
        int byteCount = 0;
        Errno error;
        FuseWorker worker = slot.Worker!;
        try
        {
            error = _dispatcher.Run(slot, reader, ref byteCount);
        }
        catch (Exception exception)
        {
            Logger.OperationThrew(exception, reader.Header.Opcode, new NodeId(reader.Header.NodeId), reader.Header.Unique);
            error = Errno.EIO;
            if (worker.HasDeferred && slot.TryComplete())
            {
                // Nobody knows whether somebody still means to complete it, so no other request may come into this slot.
                slot.Retire();
                Reply(slot, error);
                slot.Release();
            }
        }

        if (worker.HasDeferred)
        {
            return false;
        }

        Answer(slot, error, byteCount);
        return true;
    }

    /// <summary>What the session answers without asking the file system; null for the rest.</summary>
    private Errno? AnswerOurselves(FuseSlot slot, FuseOpcode opcode)
    {
        if (Volatile.Read(ref _agreement) is null)
        {
            return Errno.EIO;
        }

        return opcode switch
        {
            FuseOpcode.Open when !FileSystem.ServesOpen => Errno.ENOSYS,
            FuseOpcode.Destroy => Errno.None,
            FuseOpcode.SetupMapping or FuseOpcode.RemoveMapping or FuseOpcode.CuseInit => Refuse(Errno.ENOSYS, slot, opcode),
            _ => null,
        };
    }

    private Errno Refuse(Errno error, FuseSlot slot, FuseOpcode opcode)
    {
        if (error == Errno.ENOSYS)
        {
            // The kernel asks and takes no for an answer. Once for each number below 64, once for all others together.
            ulong bit = 1ul << (int)Math.Min((uint)opcode, 63);
            if ((Interlocked.Or(ref _toldUnknown, bit) & bit) == 0)
            {
                Logger.UnknownOpcode((uint)opcode);
            }
        }
        else if (error == Errno.EIO)
        {
            Logger.Malformed(opcode, slot.MessageLengthBytes, slot.Unique);
        }

        return error;
    }

    /// <summary>Messages without a reply.</summary>
    private void TakeNote(Errno error, scoped in FuseRequestReader reader)
    {
        if (error != Errno.None)
        {
            Logger.Malformed(reader.Header.Opcode, (int)Math.Min(reader.Header.Length, int.MaxValue), reader.Header.Unique);
            return;
        }

        switch (reader.Header.Opcode)
        {
            case FuseOpcode.Forget:
                Forget(new NodeId(reader.Header.NodeId), reader.Argument<FuseForgetIn>().LookupCount);
                break;
            case FuseOpcode.BatchForget:
                foreach (ref readonly FuseForgetOne one in reader.Forgets)
                {
                    Forget(new NodeId(one.NodeId), one.LookupCount);
                }

                break;
            case FuseOpcode.Interrupt:
                Interrupts.Deliver(reader.Argument<FuseInterruptIn>().Unique);
                break;
            default:
                Notifier.Retrieved(reader.Header.Unique, reader.Data);
                break;
        }
    }

    private void Forget(NodeId node, ulong lookupCount)
    {
        if (lookupCount == 0)
        {
            return;
        }

        try
        {
            FileSystem.Forget(node, lookupCount);
        }
        catch (Exception exception)
        {
            Logger.CallbackThrew(exception, nameof(FuseFileSystem.Forget));
        }
    }

    /// <summary>How long the reply's body is, and whether the caller has room for it.</summary>
    private unsafe Errno Measure(FuseSlot slot, int byteCount, out int lengthBytes)
    {
        FuseReplyRoom room = slot.Room;
        lengthBytes = room.FixedBytes;
        if (room.IsSizeQuery && byteCount >= 0)
        {
            ((FuseGetXattrOut*)slot.BodyAddress)->Size = (uint)byteCount;
            return Errno.None;
        }

        if (byteCount >= 0 && byteCount <= room.CountedBytes)
        {
            lengthBytes += byteCount;
            return Errno.None;
        }

        FuseRequest request = slot.Request;
        if (byteCount > 0 && request.Opcode is FuseOpcode.GetXattr or FuseOpcode.ListXattr)
        {
            return Errno.ERANGE;
        }

        Logger.ReplyTooLong(request.Opcode, request.Node, request.Unique, byteCount, room.CountedBytes);
        return Errno.EIO;
    }

    private void Reply(FuseSlot slot, Errno error) => Reply(slot, error, error == Errno.None ? slot.Room.FixedBytes : 0);

    private void Reply(FuseSlot slot, Errno error, int lengthBytes)
    {
        Trace?.Reply(slot, error, lengthBytes);
        Errno sent = slot.Worker!.Channel.Send(slot, error, lengthBytes);
        if (sent == Errno.None)
        {
            return;
        }

        FuseRequest request = slot.Request;
        Trace?.NotSent(slot, sent);
        if (sent is not (Errno.ENOENT or Errno.ENODEV or Errno.ECONNABORTED or Errno.EPIPE))
        {
            Logger.ReplyRefused(request.Opcode, request.Node, request.Unique, ErrnoText.Describe(sent));
        }

        if (error != Errno.None)
        {
            return;
        }

        try
        {
            _dispatcher.Undo(slot, lengthBytes);
        }
        catch (Exception exception)
        {
            Logger.CallbackThrew(exception, "Forget or Release");
        }
    }
}
