using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace VfsBlock.TestKit;

/// <summary>
/// Asks this machine's C compiler what its headers say, so that our structures and constants are checked against the
/// system and not against our own reading of it. Put <see cref="HeadersFactAttribute"/> on tests that use it.
/// </summary>
/// <remarks>
/// A question is <c>struct iocb</c> (its size), <c>struct iocb.aio_data</c> (the member's offset, nested ones too),
/// <c>sizeof(struct iocb.aio_data)</c> (the member's size) or any constant expression, such as <c>IOCB_CMD_PREAD</c>.
/// </remarks>
public static partial class SystemHeaders
{
    // The first question's line in the C program; the questions follow one a line.
    private const int FirstLine = 1000;
    private static readonly ConcurrentDictionary<string, string?> Problems = new();

    /// <summary>Why programs with these includes cannot be compiled here, or null if they can.</summary>
    public static string? Problem(params string[] includes) =>
        Problems.GetOrAdd(string.Join(' ', includes), _ => FindProblem(includes));

    /// <summary>The answers by question. Questions about things the headers do not declare are absent.</summary>
    public static IReadOnlyDictionary<string, long> Ask(IEnumerable<string> includes, IEnumerable<string> questions)
    {
        string[] headers = [.. includes];
        string[] asked = [.. questions.Distinct()];
        using var directory = new TempDirectory();
        string binary = directory.File("answers");
        ProgramRun compiled = Compile(directory, headers, asked, binary);
        if (compiled.ExitCode != 0)
        {
            HashSet<int> unknown = [.. ErrorLine().Matches(compiled.Errors).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) - FirstLine)];
            asked = [.. asked.Where((_, index) => !unknown.Contains(index))];
            compiled = Compile(directory, headers, asked, binary);
        }

        Assert.True(compiled.ExitCode == 0, $"gcc failed:\n{compiled.Errors}");
        ProgramRun run = ProgramRun.Start(binary)!.Value;
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(asked.Length, lines.Length);
        return asked.Zip(lines).ToDictionary(pair => pair.First, pair => long.Parse(pair.Second, CultureInfo.InvariantCulture));
    }

    /// <summary>Fails unless every constant that the headers know has our value. The message names every difference.</summary>
    public static void AssertConstants(string[] includes, params (string Name, long Value)[] ours)
    {
        IReadOnlyDictionary<string, long> answers = Ask(includes, ours.Select(o => o.Name));
        Assert.NotEmpty(answers);
        Assert.Empty(ours
            .Where(o => answers.TryGetValue(o.Name, out long value) && value != o.Value)
            .Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Name} is {answers[o.Name]} in C, {o.Value} here")));
    }

    /// <summary>
    /// Fails unless <typeparamref name="T"/> has the size of the C structure and each listed field the offset of its
    /// member. The message names every difference.
    /// </summary>
    /// <param name="include">The header that declares it, such as <c>linux/aio_abi.h</c>.</param>
    /// <param name="structure">Its name in C, such as <c>struct iocb</c>.</param>
    /// <param name="fields">Our field's name beside the C member's.</param>
    public static void AssertLayout<T>(string include, string structure, params (string Field, string Member)[] fields)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(fields);
        IReadOnlyDictionary<string, long> answers = Ask([include], [structure, .. fields.Select(f => $"{structure}.{f.Member}")]);
        var differences = new List<string>();
        void Compare(string question, string ours, long value)
        {
            if (!answers.TryGetValue(question, out long expected))
            {
                differences.Add($"<{include}> does not declare {question}");
            }
            else if (expected != value)
            {
                differences.Add($"{question} is {expected} in C, {ours} is {value} here");
            }
        }

        Compare(structure, $"sizeof({typeof(T).Name})", Unsafe.SizeOf<T>());
        foreach ((string field, string member) in fields)
        {
            Compare($"{structure}.{member}", $"{typeof(T).Name}.{field}", Marshal.OffsetOf<T>(field));
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static string? FindProblem(string[] includes)
    {
        using var directory = new TempDirectory();
        string source = directory.File("probe.c");
        File.WriteAllText(source, Includes(includes));
        ProgramRun? run = ProgramRun.Start("gcc", "-fsyntax-only", source);
        return run switch
        {
            null => "gcc is missing; as root: apt-get install -y gcc libc6-dev",
            { ExitCode: not 0 } => $"gcc cannot compile <{string.Join(">, <", includes)}>: {run.Value.Errors}",
            _ => null,
        };
    }

    private static ProgramRun Compile(TempDirectory directory, string[] includes, string[] questions, string binary)
    {
        var program = new StringBuilder(Includes(includes)).AppendLine(CultureInfo.InvariantCulture, $"#line {FirstLine} \"question\"");
        for (int index = 0; index < questions.Length; index++)
        {
            // A function each: gcc reports an undeclared name once a function, and every question needs its own verdict.
            program.AppendLine(CultureInfo.InvariantCulture, $"static long long q{index}(void) {{ return (long long)({Expression(questions[index])}); }}");
        }

        program.AppendLine("int main(void) {");
        for (int index = 0; index < questions.Length; index++)
        {
            program.AppendLine(CultureInfo.InvariantCulture, $"printf(\"%lld\\n\", q{index}());");
        }

        string source = directory.File("answers.c");
        File.WriteAllText(source, program.AppendLine("return 0; }").ToString());
        return ProgramRun.Start("gcc", "-w", "-o", binary, source)
            ?? throw new InvalidOperationException("gcc is missing; put [HeadersFact] on the test");
    }

    private static string Includes(string[] includes) =>
        "#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n" + string.Concat(includes.Select(i => $"#include <{i}>\n"));

    private static string Expression(string question)
    {
        Match memberSize = MemberSize().Match(question);
        if (memberSize.Success)
        {
            return $"sizeof((({memberSize.Groups[1].Value} *)0)->{memberSize.Groups[2].Value})";
        }

        Match structure = Structure().Match(question);
        return !structure.Success ? question
            : structure.Groups[2].Length == 0 ? $"sizeof({question})"
            : $"offsetof({structure.Groups[1].Value}, {structure.Groups[2].Value})";
    }

    [GeneratedRegex(@"^question:(\d+):\d+: error", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"^((?:struct|union) \w+)(?:\.([\w.\[\]]+))?$")]
    private static partial Regex Structure();

    [GeneratedRegex(@"^sizeof\(((?:struct|union) \w+)\.([\w.\[\]]+)\)$")]
    private static partial Regex MemberSize();
}
