using System.Runtime.ExceptionServices;
using VfsBlock.Fuse;
using Xunit;

namespace VfsBlock.Mounted.Tests;

/// <summary>
/// A file system, mounted for one test that this very process serves. The test runs on a thread of its own: if it is still
/// waiting after a minute, the connection is cut and the test fails in words.
/// </summary>
internal sealed class ProbeMount : IDisposable
{
    /// <summary>Long enough that only something that hangs reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MountDirectory _directory = new();

    private ProbeMount(FuseFileSystem fileSystem, FuseSessionOptions? options)
    {
        try
        {
            Session = FuseSession.Mount(fileSystem, _directory.Path, sessionOptions: options);
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    /// <summary>The session that serves the mount.</summary>
    public FuseSession Session { get; }

    /// <summary>The root of the mount.</summary>
    public string Root => _directory.Path;

    /// <summary>The path of the file that every probe has.</summary>
    public string File => this[ProbeFileSystem.FileName];

    /// <summary>A path in the mount.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Mounts, runs the test, and unmounts whatever came of it.</summary>
    public static void Run(FuseFileSystem fileSystem, Action<ProbeMount> test, FuseSessionOptions? options = null)
    {
        using var mount = new ProbeMount(fileSystem, options);
        mount.RunInTime(() => test(mount));
    }

    /// <summary>Waits for what another thread is about to bring about.</summary>
    /// <param name="condition">Asked over and over; must not wait itself.</param>
    /// <param name="what">What is waited for, as the end of the sentence "... never came about".</param>
    public static void WaitUntil(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Patience / 2), $"{what} never came about");

    public void Dispose()
    {
        Session.Dispose();
        bool isOver = Session.WaitForUnmount(Patience);
        _directory.Dispose();
        Assert.True(isOver, "the session goes on though it was disposed");
    }

    private void RunInTime(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        var caller = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "probe" };
        caller.Start();
        if (!caller.Join(Patience))
        {
            Session.ActiveMount?.Connection.Abort();
            Assert.Fail($"the test still waited after {Patience.TotalSeconds} s; its connection was aborted");
        }

        failure?.Throw();
    }
}
