using Microsoft.Win32.SafeHandles;
using VfsBlock.Interop;
using VfsBlock.Interop.Native;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

public sealed class ChildProgramTests
{
    [Fact]
    public void Start_WithDescriptor_PassesThatOneAndNoOther()
    {
        using var directory = new TempDirectory();
        using SafeFileHandle passed = File.OpenHandle(directory.File("passed"), FileMode.CreateNew, FileAccess.Write);
        using SafeFileHandle leaky = File.OpenHandle(directory.File("leaky"), FileMode.CreateNew, FileAccess.Write);
        Assert.Equal(0, Libc.FCntl((int)leaky.DangerousGetHandle(), Libc.SetDescriptorFlags, 0));

        // The shell itself looks, since ls would add a descriptor of its own.
        const string Script = "echo $WORD >&3; for n in /proc/$$/fd/*; do echo ${n##*/}=$(readlink $n); done; echo bad >&2; exit 7";
        Errno error = ChildProgram.Start("/bin/sh", ["-c", Script], [new("WORD", "hello")], passed, out ChildProgram? program);
        Assert.Equal(Errno.None, error);
        using (program)
        {
            Assert.Equal(7, program!.WaitForExit());
            Assert.EndsWith("bad", program.Printed, StringComparison.Ordinal);
            Assert.StartsWith("0=/dev/null", program.Printed, StringComparison.Ordinal);
            Assert.Contains($"3={directory.File("passed")}", program.Printed, StringComparison.Ordinal);
            Assert.DoesNotContain("leaky", program.Printed, StringComparison.Ordinal);
        }

        Assert.Equal("hello\n", File.ReadAllText(directory.File("passed")));
        Assert.Equal(Libc.DescriptorCloseOnExec, Libc.FCntl((int)passed.DangerousGetHandle(), Libc.GetDescriptorFlags, 0));
    }

    [Fact]
    public void Start_MissingProgram_IsENOENT()
    {
        Assert.Equal(Errno.ENOENT, ChildProgram.Start("/nowhere/program", [], [], null, out ChildProgram? program));
        Assert.Null(program);
    }

    [Fact]
    public void Kill_RunningProgram_EndsIt()
    {
        Assert.Equal(Errno.None, ChildProgram.Start("/bin/sleep", ["1000"], [], null, out ChildProgram? program));
        using (program)
        {
            Assert.Equal(Errno.None, program!.Kill());
            Assert.Equal(128 + Libc.KillSignal, program.WaitForExit());
            Assert.Equal(Errno.None, program.Kill());
        }
    }
}
