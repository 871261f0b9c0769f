using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Interop.Tests;

/// <summary>Error numbers against the system's header: what a file system answers goes to the kernel by these.</summary>
public sealed class ErrnoHeadersTests
{
    [HeadersFact("errno.h")]
    public void Errno_EveryName_HasTheHeadersNumber()
    {
        string[] names = [.. Enum.GetNames<Errno>().Where(name => name != nameof(Errno.None))];

        IReadOnlyDictionary<string, long> answers = SystemHeaders.Ask(["errno.h"], names);

        Assert.Equal(names.Order(), answers.Keys.Order());
        Assert.All(answers, answer => Assert.Equal((answer.Key, answer.Value), (answer.Key, (long)Enum.Parse<Errno>(answer.Key))));
    }
}
