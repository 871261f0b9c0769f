using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace VfsBlock.Tidy.Tests;

/// <summary>One parsed C# file and what the rules ask of it. Each question answers with the complaints, none if tidy.</summary>
internal sealed class SourceFile(string path, string text)
{
    public const int MaxLineCount = 500;
    public const int MaxMethodLineCount = 70;

    private readonly CompilationUnitSyntax _root = CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot();

    public static IEnumerable<SourceFile> All =>
        Repository.FilesEndingWith(".cs").Select(file => new SourceFile(file, Repository.Read(file)));

    public string Path => path;

    public IEnumerable<MethodDeclarationSyntax> Methods => _root.DescendantNodes().OfType<MethodDeclarationSyntax>();

    public IEnumerable<string> TypeComplaints()
    {
        List<string> names = [.. _root.DescendantNodes()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Where(node => node.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax)
            .Select(NameOf)
            .Distinct()];
        if (names.Count > 1)
        {
            yield return $"{path}: {names.Count} types ({string.Join(", ", names)}); give each a file of its own";
        }

        // HostFile.Vectored.cs is a part of HostFile.
        string expected = System.IO.Path.GetFileName(path).Split('.')[0];
        if (names.Count == 1 && names[0] != expected)
        {
            yield return $"{path}: holds {names[0]}; name the file after it";
        }
    }

    public IEnumerable<string> LengthComplaints()
    {
        int lineCount = text.AsSpan().Count('\n');
        if (lineCount > MaxLineCount)
        {
            yield return $"{path}: {lineCount} lines, {MaxLineCount} at most; find the seam";
        }

        foreach (SyntaxNode body in _root.DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax))
        {
            FileLinePositionSpan span = body.SyntaxTree.GetLineSpan(body.Span);
            int bodyLineCount = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (bodyLineCount > MaxMethodLineCount)
            {
                yield return $"{path}:{span.StartLinePosition.Line + 1}: a method of {bodyLineCount} lines, {MaxMethodLineCount} at most";
            }
        }
    }

    public IEnumerable<string> MarkComplaints()
    {
        foreach (SyntaxTrivia trivia in _root.DescendantTrivia(descendIntoTrivia: true))
        {
            if (trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
            {
                yield return $"{path}: a #region";
            }

            if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && LooksLikeCode(trivia.ToString()))
            {
                yield return $"{path}: commented-out code: {trivia}";
            }
        }

        if (_root.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.Text == "SuppressGCTransition"))
        {
            yield return $"{path}: SuppressGCTransition stalls the garbage collector behind a system call";
        }
    }

    public IEnumerable<string> TestNameComplaints() =>
        from method in Methods
        where method.AttributeLists.SelectMany(list => list.Attributes)
            .Any(attribute => attribute.Name.ToString() is var name && (name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal)))
        where method.Identifier.Text.Count(letter => letter == '_') < 2
        select $"{path}: {method.Identifier.Text} is not named Operation_Condition_Result";

    /// <summary>The native entry points that the file declares, with the file's name to tell where.</summary>
    public IEnumerable<(string EntryPoint, string Where)> NativeImports()
    {
        foreach (MethodDeclarationSyntax method in Methods)
        {
            AttributeSyntax? import = method.AttributeLists.SelectMany(list => list.Attributes)
                .FirstOrDefault(attribute => attribute.Name.ToString() is "LibraryImport" or "DllImport");
            if (import is not null)
            {
                string? entryPoint = import.ArgumentList!.Arguments
                    .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.Text == "EntryPoint")
                    ?.Expression.ToString().Trim('"');
                yield return (entryPoint ?? method.Identifier.Text, path);
            }
        }
    }

    private static bool LooksLikeCode(string comment)
    {
        string body = comment.TrimStart('/').Trim();
        return body.EndsWith(';') || body is "{" or "}" || body.EndsWith(") {", StringComparison.Ordinal);
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax callback => callback.Identifier.Text,
        _ => throw new ArgumentException($"not a type: {node.Kind()}", nameof(node)),
    };
}
