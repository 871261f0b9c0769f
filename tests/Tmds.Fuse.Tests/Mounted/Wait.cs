using Xunit;

namespace Tmds.Fuse.Tests;

/// <summary>Waits for what the kernel does in its own time: releases, forgets.</summary>
internal static class Wait
{
    /// <summary>Returns as soon as the condition holds; fails the test if it does not for a minute.</summary>
    public static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "it did not happen in a minute");
}
