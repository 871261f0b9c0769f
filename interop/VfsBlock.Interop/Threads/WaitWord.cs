using System.Runtime.CompilerServices;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// A number that one thread waits on and others set: futex(2). A monitor is pulsed by a thread that still holds it, so whoever wakes falls asleep again at once; here a wake is one system call
/// and a switch of threads.
/// </summary>
/// <remarks>Owns the number. Any thread may set it; any number may wait. No call allocates.</remarks>
public sealed unsafe class WaitWord
{
    // Pinned, since the kernel knows it by its address.
    private readonly int[] _word = GC.AllocateArray<int>(1, pinned: true);

    /// <summary>The number now; 0 in the beginning.</summary>
    public int Value => Volatile.Read(ref _word[0]);

    private int* Address => (int*)Unsafe.AsPointer(ref _word[0]);

    /// <summary>Sets the number and wakes everybody who waits for that. What was written before is seen by whoever sees the number.</summary>
    public void Set(int value)
    {
        Volatile.Write(ref _word[0], value);
        Check(Libc.FutexWake(Address, int.MaxValue));
        GC.KeepAlive(_word);
    }

    /// <summary>Sets the number; for a time when nobody waits.</summary>
    public void Reset(int value) => Volatile.Write(ref _word[0], value);

    /// <summary>Returns once the number is another; at once if it is.</summary>
    /// <returns>The number then.</returns>
    public int WaitWhile(int value)
    {
        int now;
        while ((now = Value) == value)
        {
            Check(Libc.FutexWait(Address, value));
        }

        GC.KeepAlive(_word);
        return now;
    }

    private static void Check(int returned)
    {
        if (returned < 0 && returned != -(int)Errno.EAGAIN && returned != -(int)Errno.EINTR)
        {
            throw new InvalidOperationException($"cannot wait for a word in memory or wake those who do: {ErrnoText.Describe((Errno)(-returned))}");
        }
    }
}
