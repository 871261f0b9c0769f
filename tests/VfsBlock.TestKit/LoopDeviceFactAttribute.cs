using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that makes a <see cref="LoopDevice"/>; skipped, with the reason, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopDeviceFactAttribute : FactAttribute
{
    public LoopDeviceFactAttribute() => Skip = !MountSupport.MayMount ? "needs root with CAP_SYS_ADMIN"
        : !File.Exists("/dev/loop-control") ? "/dev/loop-control is missing; as root: modprobe loop"
        : ProgramRun.Start("losetup", "--find") is not { ExitCode: 0 } ? "no loop device can be had: losetup --find fails"
        : null;
}
