using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>Access control lists, with the tools of the package acl.</summary>
public sealed class AclTests
{
    [ProgramFact("setfacl", "setfacl is missing; as root: apt-get install -y acl")]
    public void Acl_SetInheritedAndChanged_IsKeptBesideTheMode()
    {
        using var mount = new ToolMount("-o", "acl");
        string said = Shell.Script(mount.Root, """
            umask 027
            mkdir d
            setfacl -d -m u:65534:rwx,g::r-x d
            touch d/f
            mkdir d/s
            getfacl -ncE d/f d/s
            chmod g=r d/f
            getfacl -ncE d/f
            setfacl -b d/f
            stat -c %a d/f
            touch plain
            stat -c %a plain
            """);

        // A default list replaces the umask; the group bits of the mode are the mask from then on.
        string expected = """
            user::rw-
            user:65534:rwx
            group::r-x
            mask::rw-
            other::---

            user::rwx
            user:65534:rwx
            group::r-x
            mask::rwx
            other::---
            default:user::rwx
            default:user:65534:rwx
            default:group::r-x
            default:mask::rwx
            default:other::---

            user::rw-
            user:65534:rwx
            group::r-x
            mask::r--
            other::---

            640
            640

            """;
        Assert.Equal(expected, said);
    }

    [ProgramFact("setfacl", "setfacl is missing; as root: apt-get install -y acl")]
    public void Acl_NotAskedFor_IsUnsupported()
    {
        using var mount = new ToolMount();
        Posix.Create(mount["f"]);
        ProgramRun run = Shell.TryRun("setfacl", "-m", "u:65534:rwx", mount["f"]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("not supported", run.Errors, StringComparison.OrdinalIgnoreCase);
    }
}
