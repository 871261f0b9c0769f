using Xunit;

namespace VfsBlock.Tidy.Tests;

/// <summary>The rules of docs/HACKING.md that a parser can check, held against every C# file.</summary>
public sealed class SourceRuleTests
{
    [Fact]
    public void SourceFile_TopLevelTypes_IsOneNamedLikeTheFile() =>
        Complaints.AssertNone(SourceFile.All.SelectMany(file => file.TypeComplaints()));

    [Fact]
    public void SourceFile_Length_FitsTheLimits() =>
        Complaints.AssertNone(SourceFile.All.SelectMany(file => file.LengthComplaints()));

    [Fact]
    public void SourceFile_Comments_HoldNoCodeAndNoRegions() =>
        Complaints.AssertNone(SourceFile.All.SelectMany(file => file.MarkComplaints()));

    [Fact]
    public void TestMethod_Name_SaysOperationConditionResult() =>
        Complaints.AssertNone(SourceFile.All.SelectMany(file => file.TestNameComplaints()));

    /// <summary>What is demanded of the block file is numbered; a demand is kept by the tests that name it.</summary>
    [Fact]
    public void TestTrait_EveryDemandOfTheBlockFile_IsThere()
    {
        const int DemandCount = 23;
        string tests = string.Concat(Repository.FilesEndingWith("Tests.cs").Where(file => file.StartsWith("tests/", StringComparison.Ordinal)).Select(Repository.Read));
        Complaints.AssertNone(Enumerable.Range(1, DemandCount).Select(number => $"BF-{number:00}")
            .Where(demand => !tests.Contains($"[Trait(\"Demand\", \"{demand}\")]", StringComparison.Ordinal)));
    }

    /// <summary>A signature declared twice drifts apart; tests and benches may declare what the product does not.</summary>
    [Fact]
    public void NativeImport_EntryPoint_IsDeclaredOnce()
    {
        IEnumerable<string> twice = SourceFile.All
            .Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal) && !file.Path.StartsWith("bench/", StringComparison.Ordinal))
            .SelectMany(file => file.NativeImports())
            .Where(import => import.EntryPoint is not ("syscall" or "ioctl" or "fcntl" or "prctl"))
            .GroupBy(import => import.EntryPoint)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(import => import.Where))}");
        Complaints.AssertNone(twice);
    }

    [Theory]
    [InlineData("A.cs", "class A { } class B { }", "2 types")]
    [InlineData("A.cs", "class B { }", "name the file")]
    public void TypeComplaints_UntidyFile_AreGiven(string path, string text, string complaint) =>
        Assert.Contains(complaint, Assert.Single(new SourceFile(path, text).TypeComplaints()), StringComparison.Ordinal);

    [Theory]
    [InlineData("A.cs", "class A { }")]
    [InlineData("A.Part.cs", "namespace N; partial class A { class Inner { } }")]
    public void TypeComplaints_TidyFile_AreNone(string path, string text) =>
        Assert.Empty(new SourceFile(path, text).TypeComplaints());

    [Theory]
    [InlineData(SourceFile.MaxLineCount, 0)]
    [InlineData(SourceFile.MaxLineCount + 1, 1)]
    public void LengthComplaints_FileOfSoManyLines_AreGivenBeyondTheLimit(int lineCount, int count)
    {
        string text = "class A { }" + new string('\n', lineCount);
        Assert.Equal(count, new SourceFile("A.cs", text).LengthComplaints().Count(complaint => complaint.Contains("find the seam", StringComparison.Ordinal)));
    }

    [Fact]
    public void LengthComplaints_LongMethod_AreGiven()
    {
        string text = "class A { void M()\n{\n" + new string('\n', SourceFile.MaxMethodLineCount) + "} }";
        Assert.Single(new SourceFile("A.cs", text).LengthComplaints());
    }

    [Theory]
    [InlineData("class A { // x = 1;\n }")]
    [InlineData("#region R\nclass A { }\n#endregion")]
    [InlineData("class A { [SuppressGCTransition] void M() { } }")]
    public void MarkComplaints_UntidyFile_AreGiven(string text) =>
        Assert.Single(new SourceFile("A.cs", text).MarkComplaints());

    [Theory]
    [InlineData("Works", 1)]
    [InlineData("Read_AtEnd_IsEmpty", 0)]
    public void TestNameComplaints_Name_AreGivenForShortOnes(string name, int count) =>
        Assert.Equal(count, new SourceFile("A.cs", $"class A {{ [Fact] public void {name}() {{ }} }}").TestNameComplaints().Count());
}
