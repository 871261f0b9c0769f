using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VfsBlock.TestKit;
using Xunit;

namespace VfsBlock.Fuse.Tests;

/// <summary>The structs have the kernel's layout: every byte of every request depends on it.</summary>
public sealed class AbiLayoutTests
{
    private const string Header = "linux/fuse.h";

    public static TheoryData<string> Names => new(AbiTable.Structs.Select(row => row.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Layout_EveryStruct_IsTheTables(string name)
    {
        AbiStruct row = AbiTable.Structs.Single(candidate => candidate.Name == name);

        Assert.Equal(row.SizeBytes, Marshal.SizeOf(row.Type));
        Assert.Equal(
            row.Fields.Select(field => $"{field.Name}@{field.OffsetBytes}"),
            row.Type.GetFields().Select(field => $"{field.Name}@{Marshal.OffsetOf(row.Type, field.Name)}"));
    }

    [Fact]
    public void Table_EveryStructOfTheWire_IsListed()
    {
        IEnumerable<string> wire = typeof(NodeId).Assembly.GetExportedTypes()
            .Where(type => type is { IsValueType: true, IsEnum: false, IsByRefLike: false, IsNested: false })
            .Where(type => type.GetFields(BindingFlags.Public | BindingFlags.Instance).Length > 0)
            .Where(type => type != typeof(FuseCreateOut))
            .Select(type => type.Name);

        Assert.Equal(wire.Order(StringComparer.Ordinal), AbiTable.Structs.Select(row => row.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CreateOut_Layout_IsAnEntryThenAnOpenFile()
    {
        Assert.Equal(144, Unsafe.SizeOf<FuseCreateOut>());
        Assert.Equal(128, (int)Marshal.OffsetOf<FuseCreateOut>(nameof(FuseCreateOut.Open)));
    }

    [HeadersFact(Header)]
    public void Layout_StructsOfTheSystemsHeader_AreTheSame()
    {
        (string Question, long Ours)[] facts =
        [
            .. AbiTable.Structs.Select(row => ($"struct {row.KernelName}", (long)Marshal.SizeOf(row.Type))),
            .. AbiTable.Structs.SelectMany(row => row.Fields.Where(IsUsed).Select(field =>
                ($"struct {row.KernelName}.{field.Member}", (long)Marshal.OffsetOf(row.Type, field.Name)))),
        ];
        IReadOnlyDictionary<string, long> answers = SystemHeaders.Ask([Header], facts.Select(fact => fact.Question));

        Assert.Equal(
            facts.Where(fact => answers.ContainsKey(fact.Question)),
            facts.Where(fact => answers.ContainsKey(fact.Question)).Select(fact => (fact.Question, answers[fact.Question])));

        // The header of Debian 12 (7.38) knows most of the structs; one that answers far less was not asked rightly.
        Assert.True(AbiTable.Structs.Count(row => answers.ContainsKey($"struct {row.KernelName}")) >= 50);
    }

    // What is left over at the end of a struct moves whenever the protocol takes some of it into use.
    private static bool IsUsed(AbiField field) => field.Member != "unused";
}
