using System.Text.RegularExpressions;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Architecture.Tests;

/// <summary>The house rules about files, read from the sources.</summary>
public partial class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void Files_UnderSrc_HoldOnePublicTypeNamedLikeTheFile()
    {
        var wrong = new List<string>();
        foreach (string file in Sources())
        {
            string name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            string text = File.ReadAllText(file);
            // A companion enum or record may stay with its type, and so may a static class of words for an enum; the rest is one type per file.
            var types = PublicType().Matches(text).Select(m => (Kind: m.Groups["kind"].Value, Name: m.Groups["name"].Value)).DistinctBy(t => t.Name).ToArray();
            if (types.Length == 0) continue;
            if (!types.Any(t => t.Name == name)) wrong.Add($"{Relative(file)} holds {string.Join(", ", types.Select(t => t.Name))}; none is named {name}");
            var others = types.Where(t => t.Name != name && t.Kind is not ("enum" or "record struct" or "record") && t.Name != name + "s").ToArray();
            if (others.Length > 0) wrong.Add($"{Relative(file)} also holds {string.Join(", ", others.Select(t => t.Name))}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Files_UnderSrc_StayShort()
    {
        var wrong = Sources().Select(f => (File: Relative(f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > MaxLines);
        Assert.Empty(wrong.Select(f => $"{f.File} has {f.Lines} lines; at most {MaxLines}"));
    }

    [Fact]
    public void Files_UnderSrc_SayTheirNamespaceOnOneLineWithoutRegions()
    {
        var wrong = new List<string>();
        foreach (string file in Sources())
        {
            string text = File.ReadAllText(file);
            string project = Relative(file).Split('/')[1];
            bool isProgram = Path.GetFileName(file) == "Program.cs", isAssembly = Path.GetFileName(file) is "AssemblyInfo.cs" or "GlobalUsings.cs";
            string expected = $"namespace EdgeAutonomy.{project}";
            if (!isProgram && !isAssembly && !text.Contains(expected + ";", StringComparison.Ordinal) && !text.Contains(expected + ".", StringComparison.Ordinal)) wrong.Add($"{Relative(file)} is not in {expected}");
            if (text.Contains("#region", StringComparison.Ordinal)) wrong.Add($"{Relative(file)} has a region");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Folders_UnderSrc_AreNounsOfTheField()
    {
        string[] banned = ["Helpers", "Utils", "Util", "Common", "Managers", "Misc", "Shared"];
        var folders = Sources().SelectMany(f => Relative(f).Split('/')[..^1]).Distinct();
        Assert.Empty(folders.Intersect(banned, StringComparer.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Relative(f).Contains("/obj/", StringComparison.Ordinal) && !Relative(f).Contains("/bin/", StringComparison.Ordinal));

    private static string Relative(string file) => Path.GetRelativePath(SharedData.RepositoryRoot, file).Replace('\\', '/');

    // Types at the left margin only: nested ones belong to their outer type.
    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|partial|unsafe|ref) )*(?<kind>record struct|record class|record|class|struct|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
