using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;
using VfsBlock.TestKit;
using Xunit;
using static Tmds.Linux.LibC;

namespace Tmds.Fuse.Tests;

/// <summary>The package's API: its types, its arithmetic, and the bases that file systems derive from.</summary>
public sealed class ApiTests
{
    /// <summary>Every operation by bytes leads to the one by strings, with all its arguments.</summary>
    [Fact]
    public void StringBase_EveryOperation_IsReachedThroughBytes()
    {
        using var files = new EchoFileSystem();
        IFuseFileSystem served = files;
        stat stat = default;
        statvfs space = default;
        timespec time = default;
        FuseFileInfo file = default;
        var content = new DirectoryContent(new DirectoryListing());
        served.GetAttr("/ü"u8, ref stat, default);
        served.ReadLink("/ü"u8, default);
        served.MkDir("/ü"u8, 1);
        served.Unlink("/ü"u8);
        served.RmDir("/ü"u8);
        served.SymLink("/ü"u8, "ö"u8);
        served.Rename("/ü"u8, "/ö"u8, 1);
        served.Link("/ü"u8, "/ö"u8);
        served.ChMod("/ü"u8, 1, default);
        served.Chown("/ü"u8, 1, 2, default);
        served.Truncate("/ü"u8, 1, default);
        served.UpdateTimestamps("/ü"u8, ref time, ref time, default);
        served.Open("/ü"u8, ref file);
        served.Create("/ü"u8, 1, ref file);
        served.Release("/ü"u8, ref file);
        served.Read("/ü"u8, 1, default, ref file);
        served.Write("/ü"u8, 1, default, ref file);
        served.Flush("/ü"u8, ref file);
        served.FSync("/ü"u8, onlyData: true, ref file);
        served.FAllocate("/ü"u8, 1, 2, 3, ref file);
        served.OpenDir("/ü"u8, ref file);
        served.ReadDir("/ü"u8, 0, default, content, ref file);
        served.ReleaseDir("/ü"u8, ref file);
        served.Access("/ü"u8, 1);
        served.StatFS("/ü"u8, ref space);
        served.SetXAttr("/ü"u8, "user.ä"u8, default, 1);
        served.GetXAttr("/ü"u8, "user.ä"u8, default);
        served.ListXAttr("/ü"u8, default);
        served.RemoveXAttr("/ü"u8, "user.ä"u8);
        int expected = typeof(EchoFileSystem).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Count(method => method.GetBaseDefinition().DeclaringType == typeof(FuseFileSystemStringBase));
        Assert.Equal(29, expected);
        Assert.Equal(expected, files.Calls.Count);
        Assert.All(files.Calls, call => Assert.Matches("^\\w+ /ü( /?ö| user.ä)?$", call));
        Assert.Equal("/", FuseFileSystemStringBase.RootPath);
    }

    [Fact]
    public void Interface_AsPublished_NeedsNothingElse()
    {
        using var files = new PublishedFileSystem();
        IFuseFileSystem served = files;
        FuseFileInfo file = default;
        Assert.Equal(0, served.FSync("/a"u8, onlyData: true, ref file));
        Assert.Equal(1, files.SyncCount);
    }

    [Fact]
    public void FileInfoFlags_SetOne_LeavesTheOthers()
    {
        var file = new FuseFileInfo { keep_cache = true };
        Assert.Equal((true, false, false), (file.keep_cache, file.direct_io, file.writepage));
        file.keep_cache = false;
        file.direct_io = true;
        Assert.Equal((false, true, false), (file.keep_cache, file.direct_io, file.writepage));
    }

    [Fact]
    public void FileInfoRef_OfNothing_IsNullAndThrows()
    {
        Assert.True(default(FuseFileInfoRef).IsNull);
        Assert.Throws<InvalidOperationException>(() => default(FuseFileInfoRef).Value.fh);
        FuseFileInfo[] files = [new() { fh = 7 }];
        new FuseFileInfoRef(files).Value.fh++;
        Assert.Equal(8ul, files[0].fh);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00.0000000Z", 0, 0)]
    [InlineData("1969-12-31T23:59:59.9000001Z", -1, 900_000_100)]
    [InlineData("2100-02-28T12:00:00.5000000Z", 4_107_499_200, 500_000_000)]
    public void Timespec_DateTime_GoesBothWays(string text, long seconds, long nanoseconds)
    {
        DateTime date = DateTime.Parse(text, null, System.Globalization.DateTimeStyles.RoundtripKind);
        timespec time = date.ToTimespec();
        Assert.Equal((seconds, nanoseconds), ((long)time.tv_sec, (long)time.tv_nsec));
        Assert.Equal(date, time.ToDateTime());
        Assert.False(time.IsNow() || time.IsOmit());
    }

    [Fact]
    public void Timespec_NowAndOmit_AreNoTimes()
    {
        Assert.True(new timespec { tv_nsec = UTIME_NOW }.IsNow());
        Assert.True(new timespec { tv_nsec = UTIME_OMIT }.IsOmit());
        Assert.Throws<InvalidOperationException>(() => new timespec { tv_nsec = UTIME_NOW }.ToDateTime());
    }

    [Fact]
    public void Listing_Names_AreKeptAsBytesUpToANul()
    {
        var listing = new DirectoryListing();
        var content = new DirectoryContent(listing);
        content.AddEntry("a b");
        content.AddEntry("");
        content.AddEntry([]);
        content.AddEntry([0xff, 0xfe, 0]);
        content.AddEntry(new string('ä', 512));
        Assert.Equal(3, listing.Count);
        Assert.Equal("a b"u8, listing[0]);
        Assert.Equal([0xff, 0xfe], listing[1].ToArray());
        Assert.Equal(1024, listing[2].Length);
        Assert.Throws<ArgumentException>(() => new DirectoryContent(listing).AddEntry(new string('ä', 513)));
        Assert.Throws<ArgumentException>(() => new DirectoryContent(listing).AddEntry(new byte[1025].Select(_ => (byte)1).ToArray()));
        Assert.Throws<ArgumentException>(() => new DirectoryContent(listing).AddEntry("a/b"));
        Assert.Equal(3, listing.Count);
        listing.Clear();
        Assert.Equal(0, listing.Count);
    }

    [Theory]
    [InlineData("entry_timeout=x")]
    [InlineData("attr_timeout=-1")]
    [InlineData("attr_timeout")]
    [InlineData("negative_timeout=1e99")]
    [InlineData("kernel_cache=1")]
    [InlineData("nosuch")]
    public void Options_Senseless_AreRefusedByName(string option)
    {
        FuseException exception = Assert.Throws<FuseException>(() => PathOptions.Parse([option]));
        Assert.Contains($"'{option}'", exception.Message, StringComparison.Ordinal);
    }

    [HeadersFact("sys/stat.h", "sys/statvfs.h")]
    public void Structs_AgainstTheSystemsHeaders_HaveTheLayoutOfX64()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        SystemHeaders.AssertLayout<stat>("sys/stat.h", "struct stat", FieldsOf<stat>());
        SystemHeaders.AssertLayout<statvfs>("sys/statvfs.h", "struct statvfs", FieldsOf<statvfs>());
        SystemHeaders.AssertLayout<timespec>("sys/stat.h", "struct timespec", FieldsOf<timespec>());
    }

    [HeadersFact("errno.h", "fcntl.h", "sys/stat.h", "sys/xattr.h", "unistd.h")]
    public void Constants_AgainstTheSystemsHeaders_AreThoseOfX64()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        // glibc hides the bit that the kernel sends.
        IEnumerable<(string, long)> numbers = typeof(LibC).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.Name != nameof(O_LARGEFILE))
            .Select(field => (field.Name, (long)(int)field.GetRawConstantValue()!));
        IEnumerable<(string, long)> modes = typeof(LibC).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => (property.Name, (long)((mode_t)property.GetValue(null)!).Value));
        (string, long)[] all = [.. numbers, .. modes];
        Assert.True(all.Length > 150);
        SystemHeaders.AssertConstants(["errno.h", "fcntl.h", "sys/stat.h", "sys/xattr.h", "unistd.h"], all);
    }

    private static (string, string)[] FieldsOf<T>() =>
        [.. typeof(T).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => (field.Name, field.Name))];

    private sealed class EchoFileSystem() : FuseFileSystemStringBase(Encoding.UTF8)
    {
        public List<string> Calls { get; } = [];

        public override int GetAttr(string path, ref stat stat, FuseFileInfoRef fiRef) => Note(nameof(GetAttr), path);

        public override int ReadLink(string path, Span<byte> buffer) => Note(nameof(ReadLink), path);

        public override int MkDir(string path, mode_t mode) => Note(nameof(MkDir), path);

        public override int Unlink(string path) => Note(nameof(Unlink), path);

        public override int RmDir(string path) => Note(nameof(RmDir), path);

        public override int SymLink(string path, string target) => Note(nameof(SymLink), $"{path} {target}");

        public override int Rename(string path, string newPath, int flags) => Note(nameof(Rename), $"{path} {newPath}");

        public override int Link(string fromPath, string toPath) => Note(nameof(Link), $"{fromPath} {toPath}");

        public override int ChMod(string path, mode_t mode, FuseFileInfoRef fiRef) => Note(nameof(ChMod), path);

        public override int Chown(string path, uint uid, uint gid, FuseFileInfoRef fiRef) => Note(nameof(Chown), path);

        public override int Truncate(string path, ulong length, FuseFileInfoRef fiRef) => Note(nameof(Truncate), path);

        public override int UpdateTimestamps(string path, ref timespec atime, ref timespec mtime, FuseFileInfoRef fiRef) =>
            Note(nameof(UpdateTimestamps), path);

        public override int Open(string path, ref FuseFileInfo fi) => Note(nameof(Open), path);

        public override int Create(string path, mode_t mode, ref FuseFileInfo fi) => Note(nameof(Create), path);

        public override void Release(string path, ref FuseFileInfo fi) => Note(nameof(Release), path);

        public override int Read(string path, ulong offset, Span<byte> buffer, ref FuseFileInfo fi) => Note(nameof(Read), path);

        public override int Write(string path, ulong offset, ReadOnlySpan<byte> buffer, ref FuseFileInfo fi) => Note(nameof(Write), path);

        public override int Flush(string path, ref FuseFileInfo fi) => Note(nameof(Flush), path);

        public override int FSync(string path, ref FuseFileInfo fi) => Note(nameof(FSync), path);

        public override int FAllocate(string path, int mode, ulong offset, long length, ref FuseFileInfo fi) => Note(nameof(FAllocate), path);

        public override int OpenDir(string path, ref FuseFileInfo fi) => Note(nameof(OpenDir), path);

        public override int ReadDir(string path, ulong offset, ReadDirFlags flags, DirectoryContent content, ref FuseFileInfo fi) =>
            Note(nameof(ReadDir), path);

        public override int ReleaseDir(string path, ref FuseFileInfo fi) => Note(nameof(ReleaseDir), path);

        public override int Access(string path, mode_t mode) => Note(nameof(Access), path);

        public override int StatFS(string path, ref statvfs statfs) => Note(nameof(StatFS), path);

        public override int SetXAttr(string path, string name, ReadOnlySpan<byte> data, int flags) => Note(nameof(SetXAttr), $"{path} {name}");

        public override int GetXAttr(string path, string name, Span<byte> data) => Note(nameof(GetXAttr), $"{path} {name}");

        public override int ListXAttr(string path, Span<byte> list) => Note(nameof(ListXAttr), path);

        public override int RemoveXAttr(string path, string name) => Note(nameof(RemoveXAttr), $"{path} {name}");

        private int Note(string operation, string arguments)
        {
            Calls.Add($"{operation} {arguments}");
            return 0;
        }
    }
}
