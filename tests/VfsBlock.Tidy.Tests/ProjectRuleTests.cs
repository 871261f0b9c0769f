using System.Xml.Linq;
using Xunit;

namespace VfsBlock.Tidy.Tests;

/// <summary>The shape of the solution: which project may know which.</summary>
public sealed class ProjectRuleTests
{
    /// <summary>The arrows of docs/ARCHITECTURE.md. Storage never knows FUSE; the FUSE transport never knows storage.</summary>
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["VfsBlock.Interop"] = [],
        ["VfsBlock.Fuse"] = ["VfsBlock.Interop"],
        ["Tmds.Fuse"] = ["VfsBlock.Fuse"],
        ["VfsBlock.Storage"] = ["VfsBlock.Interop"],
        ["VfsBlock.Storage.Example"] = ["VfsBlock.Storage"],
        ["VfsBlock.MemoryFileSystem"] = ["VfsBlock.Fuse", "VfsBlock.Interop"],
        ["VfsBlock.FileSystem"] = ["VfsBlock.Fuse", "VfsBlock.Storage", "VfsBlock.Interop"],
        ["VfsBlock.Tool"] = ["VfsBlock.FileSystem", "VfsBlock.Fuse", "VfsBlock.Storage", "VfsBlock.Interop"],
        ["VfsBlock.Storage.TestKit"] = ["VfsBlock.Storage", "VfsBlock.Interop"],
    };

    // The simulated disk is held to the arrows too: a bench or a tool of our own may want it without the tests.
    private static IEnumerable<string> ProductProjects =>
        Repository.FilesEndingWith(".csproj").Where(file =>
            file.Split('/')[0] is "interop" or "storage" or "fs" || file.EndsWith("/VfsBlock.Storage.TestKit.csproj", StringComparison.Ordinal));

    [Fact]
    public void ProjectReferences_EveryProductProject_FollowTheArrows()
    {
        IEnumerable<string> wrong =
            from file in ProductProjects
            let name = Path.GetFileNameWithoutExtension(file)
            from reference in References(file)
            where !_allowed.GetValueOrDefault(name, []).Contains(reference)
            select $"{name} -> {reference}";
        Complaints.AssertNone(wrong);
    }

    [Fact]
    public void ProductProject_EveryOne_HasItsArrowsStated() =>
        Complaints.AssertNone(ProductProjects.Select(Path.GetFileNameWithoutExtension).Where(name => !_allowed.ContainsKey(name!)));

    [Fact]
    public void Solution_EveryProject_IsInIt()
    {
        string solution = Repository.Read("VfsBlock.sln").Replace('\\', '/');
        Complaints.AssertNone(Repository.FilesEndingWith(".csproj").Where(file => !solution.Contains(file, StringComparison.Ordinal)));
    }

    [Fact]
    public void PackageReference_EveryOne_TakesTheCentralVersionAndIsLocked()
    {
        IEnumerable<string> wrong =
            from file in Repository.FilesEndingWith(".csproj")
            let locked = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, "packages.lock.json")
            where !File.Exists(locked)
                || XDocument.Parse(Repository.Read(file)).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null)
            select file;
        Complaints.AssertNone(wrong);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
