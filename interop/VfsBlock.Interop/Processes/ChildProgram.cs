using System.Collections;
using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop.Native;

namespace VfsBlock.Interop;

/// <summary>
/// A helper program that inherits one chosen descriptor and nothing else. <see cref="Process"/> cannot do that: it passes
/// on every descriptor that is not closed on exec, and making ours so for a moment would leak it into whatever child
/// another thread starts meanwhile. posix_spawn(3) makes the inheritable copy in the child alone.
/// </summary>
/// <remarks>
/// The program's input is empty; all it prints is kept in memory (a memfd: it can neither block on it nor outgrow a pipe).
/// For one thread at a time.
/// </remarks>
internal sealed unsafe class ChildProgram : IDisposable
{
    /// <summary>The number under which the program finds the descriptor it was given.</summary>
    public const int InheritedDescriptor = 3;

    private const int DuplicateCloseOnExec = 1030;
    private readonly SafeFileHandle _printed;
    private readonly int _processId;
    private int? _exitCode;

    private ChildProgram(int processId, SafeFileHandle printed)
    {
        _processId = processId;
        _printed = printed;
    }

    /// <summary>Starts a program.</summary>
    /// <param name="path">The program's file; PATH is not searched.</param>
    /// <param name="arguments">Its arguments after its own name.</param>
    /// <param name="environment">Variables to set beside our own.</param>
    /// <param name="inherited">The descriptor it gets as number 3, or null. Ours stays open and closed on exec.</param>
    /// <param name="program">The running program, or null.</param>
    /// <returns>None or why it could not be started: ENOENT, EACCES, ENOEXEC, EMFILE and so on.</returns>
    public static Errno Start(
        string path,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment,
        SafeFileHandle? inherited,
        out ChildProgram? program)
    {
        program = null;
        SafeFileHandle? printed = null;
        try
        {
            // Above the numbers that the child's side fills, so that filling one cannot overwrite the other.
            using SafeFileHandle? high = inherited is null ? null : DuplicateHigh(inherited);
            printed = OpenMemory();
            if (printed is null || (inherited is not null && high is null))
            {
                return Errno.EMFILE;
            }

            int processId = Spawn(path, arguments, environment, high, printed);
            if (processId < 0)
            {
                return (Errno)(-processId);
            }

            program = new ChildProgram(processId, printed);
            printed = null;
            return Errno.None;
        }
        finally
        {
            printed?.Dispose();
        }
    }

    /// <summary>Everything that the program has printed so far, on both outputs, trimmed.</summary>
    public string Printed
    {
        get
        {
            byte[] bytes = new byte[RandomAccess.GetLength(_printed)];
            int length = RandomAccess.Read(_printed, bytes, 0);
            return Encoding.UTF8.GetString(bytes, 0, length).Trim();
        }
    }

    /// <summary>Waits for the program's end and reaps it.</summary>
    /// <returns>Its exit code, 128 plus the signal's number if a signal ended it, -1 if somebody else reaped it.</returns>
    public int WaitForExit()
    {
        if (_exitCode is { } known)
        {
            return known;
        }

        int status = 0;
        int result;
        do
        {
            result = Libc.WaitProcess(_processId, &status);
        }
        while (result == -(int)Errno.EINTR);

        int signal = status & 0x7f;
        _exitCode = result < 0 ? -1 : signal == 0 ? (status >> 8) & 0xff : 128 + signal;
        return _exitCode.Value;
    }

    /// <summary>Ends the program at once and reaps it; nothing happens if that is done.</summary>
    /// <returns>None, or EPERM if the program has become another user; it then runs on.</returns>
    public Errno Kill()
    {
        // Not reaped yet, so the number is still this child's.
        int result = _exitCode is null ? Libc.Kill(_processId, Libc.KillSignal) : 0;
        if (result == 0)
        {
            WaitForExit();
        }

        return (Errno)(-result);
    }

    /// <summary>Forgets what the program printed. The program itself runs on if nobody waited for it.</summary>
    public void Dispose() => _printed.Dispose();

    private static SafeFileHandle? OpenMemory()
    {
        fixed (byte* name = "output"u8)
        {
            int low = Libc.MemoryFile(name);
            using SafeFileHandle? handle = low < 0 ? null : new SafeFileHandle(low, ownsHandle: true);
            return handle is null ? null : DuplicateHigh(handle);
        }
    }

    private static SafeFileHandle? DuplicateHigh(SafeFileHandle handle)
    {
        int copy = Libc.FCntl((int)handle.DangerousGetHandle(), DuplicateCloseOnExec, InheritedDescriptor + 1);
        return copy < 0 ? null : new SafeFileHandle(copy, ownsHandle: true);
    }

    private static int Spawn(
        string path,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment,
        SafeFileHandle? inherited,
        SafeFileHandle printed)
    {
        byte[] terminatedPath = CString.From(path);
        using var argv = new CStringArray([path, .. arguments]);
        using var envp = new CStringArray(Merge(environment));
        // From here to their end nothing throws, and so nothing skips that.
        byte* actions = stackalloc byte[Libc.SpawnActionsBytes];
        int result = Libc.SpawnActionsInit(actions);
        if (result < 0)
        {
            return result;
        }

        fixed (byte* program = terminatedPath, nothing = "/dev/null"u8)
        {
            int output = (int)printed.DangerousGetHandle();
            result = Libc.SpawnActionsOpen(actions, 0, nothing, OpenFlags.ReadOnly);
            result = result < 0 ? result : Libc.SpawnActionsDup(actions, output, 1);
            result = result < 0 ? result : Libc.SpawnActionsDup(actions, output, 2);
            if (inherited is not null && result == 0)
            {
                result = Libc.SpawnActionsDup(actions, (int)inherited.DangerousGetHandle(), InheritedDescriptor);
            }

            int firstClosed = inherited is null ? InheritedDescriptor : InheritedDescriptor + 1;
            result = result < 0 ? result : Libc.SpawnActionsCloseFrom(actions, firstClosed);
            int processId = 0;
            result = result < 0 ? result : Libc.Spawn(&processId, program, actions, argv.Pointers, envp.Pointers);
            _ = Libc.SpawnActionsDestroy(actions);
            return result < 0 ? result : processId;
        }
    }

    private static IEnumerable<string> Merge(IEnumerable<KeyValuePair<string, string>> extra)
    {
        Dictionary<string, string> all = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
        foreach ((string name, string value) in extra)
        {
            all[name] = value;
        }

        return all.Select(pair => $"{pair.Key}={pair.Value}");
    }
}
