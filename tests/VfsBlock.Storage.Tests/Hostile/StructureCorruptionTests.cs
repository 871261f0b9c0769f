using VfsBlock.Storage.TestKit;
using VfsBlock.Storage.Tests.Checking;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>The checker finds each corruption of a structure, calls it by its name, and says nothing else.</summary>
public sealed class StructureCorruptionTests(ITestOutputHelper output)
{
    private const int MaxReadCount = 400;

    public static TheoryData<string> Names => [.. StructureCorruptions.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_CorruptedStructure_IsFoundByName(string name)
    {
        StructureCorruption corruption = StructureCorruptions.All[name];
        using MemoryDevice device = corruption.Sample.Copy();
        using (var forge = new ImageForge(device))
        {
            corruption.Make(forge, corruption.Sample.Map);
        }

        CheckReport report = VolumeChecker.Check(device, new CheckOptions { VerifiesData = true });
        foreach (VolumeFinding finding in report.Findings)
        {
            output.WriteLine(finding.ToString());
        }

        Assert.Equal(
            corruption.Expected.Order(), report.Findings.Where(finding => !corruption.MayFollow.Contains(finding.Kind)).Select(StructureCorruptions.NameOf).Order());
    }

    [Fact]
    public void Corruptions_AllTogether_HaveEveryKindOfFinding()
    {
        string[] names = [.. StructureCorruptions.All.Values.SelectMany(corruption => corruption.Expected)];
        VolumeFindingKind[] ofItems = [.. SeededCorruptions.All.Values.Select(corruption => corruption.Expected)];
        foreach (VolumeFindingKind kind in Enum.GetValues<VolumeFindingKind>())
        {
            Assert.True(ofItems.Contains(kind) || names.Any(name => name.Split(' ')[0] == kind.ToString()), $"no corruption leads to {kind}");
        }

        // What a device does not read is another test's.
        Assert.All(Enum.GetValues<BlockFileFindingKind>(), kind => Assert.Contains($"Structure {kind}", names));
        Assert.All(Enum.GetValues<TreeFindingKind>().Except([TreeFindingKind.Unreadable, TreeFindingKind.Invalid]), kind => Assert.Contains($"Node {kind}", names));
        Assert.All(Enum.GetValues<NodeFault>().Except([NodeFault.None]), fault => Assert.Contains($"Node Invalid {fault}", names));
    }

    [Fact]
    public void Check_ReadErrorAtEachPoint_IsAFinding()
    {
        using MemoryDevice device = HostileSample.Closed.Copy();
        HashSet<string> names = [];
        int count = 0;
        bool hasHappened = true;
        for (int nth = 1; hasHappened && nth <= MaxReadCount; nth++)
        {
            using var faulty = new FaultyDevice(new LentDevice(device));
            faulty.Inject(new Fault(FaultKind.ReadError, nth));
            CheckReport report = VolumeChecker.Check(faulty);
            hasHappened = faulty.HappenedCount > 0;
            count += hasHappened ? 1 : 0;
            names.UnionWith(report.Findings.Select(StructureCorruptions.NameOf));
        }

        output.WriteLine($"{count} read errors: {string.Join(", ", names.Order())}");
        Assert.False(hasHappened, "a check of the sample reads more often than this test counts");
        Assert.Contains("Node Unreadable", names);
        Assert.Contains("Structure Bitmap", names);
    }
}
