using VfsBlock.Interop;

namespace VfsBlock.Fuse;

/// <content>INIT: what is agreed with the kernel before anything else.</content>
public sealed partial class FuseSession
{
    /// <summary>Answers INIT. Runs on the first serving thread while it is the only one.</summary>
    private void AnswerInit(FuseSlot slot, in FuseInitIn init)
    {
        if (Volatile.Read(ref _agreement) is not null)
        {
            Reply(slot, Errno.EIO);
            return;
        }

        ref FuseInitOut reply = ref slot.Reply<FuseInitOut>();
        FuseHandshake answer = FuseHandshake.Answer(init, Options, FileSystem.ServesOpen, ref reply);
        slot.Shorten(answer.BodyLengthBytes);
        string? refusal = answer.Refusal;
        Errno error = answer.Error;
        if (answer.Agreement is { } agreement)
        {
            if (TryStartFileSystem(agreement))
            {
                // Before the reply goes out: whoever waits for the mount may look at once.
                _dialect = FuseDialect.Of(agreement.Minor, agreement.Flags);
                Volatile.Write(ref _agreement, agreement);
            }
            else
            {
                refusal = "the file system failed to start; the log has its exception";
                error = Errno.EIO;
            }
        }

        Reply(slot, error);
        if (refusal is not null)
        {
            Fail(refusal, null);
        }
        else if (answer.Agreement is not null)
        {
            _initialised.Set();
        }
    }

    private bool TryStartFileSystem(FuseAgreement agreement)
    {
        try
        {
            FileSystem.Started(agreement);
            return true;
        }
        catch (Exception exception)
        {
            Logger.CallbackThrew(exception, nameof(FuseFileSystem.Started));
            return false;
        }
    }
}
