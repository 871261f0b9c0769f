using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace VfsBlock.Interop;

/// <summary>
/// One request's place in a queue, used again and again: what is asked for, how far it is, and what it holds (the file's
/// descriptor and its buffers) until it is released.
/// </summary>
/// <remarks>
/// Belongs to one thread at a time: the submitter, then whoever runs it, then the reaper; the queue's lists hand it over
/// under their locks, the kernel by its event.
/// </remarks>
internal sealed unsafe class IoSlot
{
    private const RwFlags PerCall = RwFlags.NoWait | RwFlags.Append | RwFlags.Atomic;

    private readonly IoBufferLease[] _leases;
    private readonly IoVec* _vectors;
    private readonly int _index;
    private int _leaseCount;
    private nint _lastBuffer;
    private int _vectorCount;
    private int _firstVector;
    private uint _generation;
    private SafeFileHandle? _file;
    private long _offsetBytes;
    private long _lengthBytes;
    private long _doneBytes;

    /// <summary>A free slot.</summary>
    /// <param name="index">Its index in the queue.</param>
    /// <param name="vectors">Memory for <paramref name="bufferLimit"/> iovecs, the queue's own.</param>
    /// <param name="bufferLimit">How many pieces of memory a request may have.</param>
    public IoSlot(int index, IoVec* vectors, int bufferLimit)
    {
        _index = index;
        _vectors = vectors;
        _leases = new IoBufferLease[bufferLimit];
    }

    /// <summary>The next in the list that the slot is in.</summary>
    public IoSlot? Next { get; set; }

    /// <summary>Index and generation in one word: no two requests of a queue share it before 2^32 others had the slot.</summary>
    public ulong Identity => ((ulong)_generation << 32) | (uint)_index;

    public IoOperation Operation { get; private set; }

    public RwFlags Flags { get; private set; }

    public ulong Tag { get; private set; }

    public int FileDescriptor { get; private set; }

    /// <summary>True while the kernel has the request and will give an event for it.</summary>
    public bool IsInKernel { get; set; }

    /// <summary>How it ended.</summary>
    public IoResult Result { get; private set; }

    /// <summary>Where the rest of the transfer begins in the file.</summary>
    public long RestOffsetBytes => _offsetBytes + _doneBytes;

    /// <summary>The memory of the rest of the transfer.</summary>
    public IoVec* RestVectors => _vectors + _firstVector;

    public int RestVectorCount => _vectorCount - _firstVector;

    private bool IsTransfer => Operation is IoOperation.Read or IoOperation.Write;

    /// <summary>The index that an <see cref="Identity"/> names.</summary>
    public static uint IndexOf(ulong identity) => (uint)identity;

    /// <summary>
    /// Takes a request over, with its buffers and file. One that cannot run at all (a closed file, a negative offset)
    /// has its <see cref="Result"/> already. If this throws, <see cref="Release"/> still cleans up.
    /// </summary>
    public void Fill(in IoRequest request)
    {
        if (request.BufferCount > _leases.Length)
        {
            throw new ArgumentException($"a request has {request.BufferCount} buffers, the queue's limit is {_leases.Length}");
        }

        _generation++;
        Operation = request.Operation;
        Flags = request.Flags;
        Tag = request.Tag;
        Result = default;
        _offsetBytes = request.OffsetBytes;
        _doneBytes = 0;
        _lengthBytes = 0;
        _firstVector = 0;
        _vectorCount = request.BufferCount;
        for (int index = 0; index < _vectorCount; index++)
        {
            HoldBuffer(request.Buffer(index), index);
        }

        if (!TryHoldFile(request.File))
        {
            Result = IoResult.Fail(Errno.EBADF);
        }
        else if (_offsetBytes < 0)
        {
            // Not left to the kernel: -1 means the descriptor's own position in preadv2.
            Result = IoResult.Fail(Errno.EINVAL);
        }
    }

    /// <summary>Gives buffers and file back; harmless if there are none.</summary>
    public void Release()
    {
        while (_leaseCount > 0)
        {
            _leases[--_leaseCount].Release();
            _leases[_leaseCount] = default;
        }

        _file?.DangerousRelease();
        _file = null;
    }

    /// <summary>Ends the request with an error that kept it from running; bytes of earlier calls count.</summary>
    public void Fail(Errno error) => Result = new IoResult(_doneBytes, error);

    /// <summary>Books what one call or event brought; true if the rest has to be asked for.</summary>
    /// <param name="returned">The kernel's result: bytes, or a negated errno.</param>
    /// <exception cref="InvalidOperationException">The kernel says it moved more than it was asked for.</exception>
    public bool Advance(long returned)
    {
        if (returned < 0)
        {
            if (returned == -(long)Errno.EINTR)
            {
                return true;
            }

            Fail((Errno)(int)-returned);
            return false;
        }

        if (returned > _lengthBytes - _doneBytes)
        {
            throw new InvalidOperationException($"{Operation} of {_lengthBytes - _doneBytes} bytes came back with {returned}");
        }

        _doneBytes += returned;
        Errno error = Errno.None;
        if (_doneBytes < _lengthBytes && IsToContinue(returned, out error))
        {
            Skip(returned);
            return true;
        }

        // A write that moves nothing and names no error would be asked for again for ever.
        bool isStuck = Operation == IoOperation.Write && returned == 0 && _lengthBytes > 0;
        Result = new IoResult(_doneBytes, isStuck ? Errno.EIO : error);
        return false;
    }

    private void HoldBuffer(IoBufferSlice slice, int index)
    {
        // Slices of one buffer that follow each other share one hold, so that a read may fill a buffer piece by piece.
        if (index == 0 || _leases[_leaseCount - 1] != slice.Lease)
        {
            _lastBuffer = slice.Lease.Hold(forFill: Operation == IoOperation.Read);
            _leases[_leaseCount++] = slice.Lease;
        }

        _vectors[index] = new IoVec(_lastBuffer + slice.OffsetBytes, (nuint)slice.LengthBytes);
        _lengthBytes += slice.LengthBytes;
    }

    private bool TryHoldFile(SafeFileHandle file)
    {
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        _file = file;
        FileDescriptor = (int)file.DangerousGetHandle();
        return true;
    }

    /// <summary>True if the rest of a transfer has to be asked for.</summary>
    /// <param name="returned">Bytes that the last call moved.</param>
    /// <param name="error">
    /// Why nobody can tell; the transfer ends with it, for without it a part would pass for the whole.
    /// </param>
    private bool IsToContinue(long returned, out Errno error)
    {
        error = Errno.None;
        if (!IsTransfer || returned == 0 || (Flags & PerCall) != 0)
        {
            return false;
        }

        // At the end of the file the next read would bring nothing; with O_DIRECT it would be refused as misaligned.
        error = HostFileFacts.Ask(FileDescriptor, out HostFileFacts facts);
        return error == Errno.None && facts.HasSize
            && (Operation == IoOperation.Write || RestOffsetBytes < facts.SizeBytes);
    }

    private void Skip(long doneBytes)
    {
        while (doneBytes >= (long)RestVectors->LengthBytes)
        {
            doneBytes -= (long)RestVectors->LengthBytes;
            _firstVector++;
            Debug.Assert(_firstVector < _vectorCount, "something is left");
        }

        *RestVectors = new IoVec(RestVectors->Address + (nint)doneBytes, RestVectors->LengthBytes - (nuint)doneBytes);
    }
}
