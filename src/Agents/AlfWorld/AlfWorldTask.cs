using System.Collections.Concurrent;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>One ALFWorld game as loaded from its file; any number of plays may share it.</summary>
/// <remarks>Immutable and thread-safe. The domain, the same in all games, is parsed once.</remarks>
public sealed class AlfWorldTask
{
    private const string TaskMark = "Your task is to: ";
    private const int MaxDomains = 8;

    // A function of the text alone, so sharing it between threads and games changes nothing but the time; bounded, since files are input.
    private static readonly ConcurrentDictionary<string, PddlDomain> Domains = new(StringComparer.Ordinal);
    private readonly string?[] _names;

    private AlfWorldTask(string name, string instruction, ulong grammarHash, PlanningTask planning, string[] walkthrough)
    {
        (Name, Instruction, GrammarHash, Planning, Walkthrough) = (name, instruction, grammarHash, planning, walkthrough);
        var mentioned = new HashSet<int>();
        foreach (var (_, arguments) in planning.Problem.Facts) mentioned.UnionWith(arguments);
        var names = AlfWorldNames.Assign(mentioned.Select(o => planning.ObjectNames[o]));
        _names = [.. planning.ObjectNames.Select(id => names.GetValueOrDefault(id))];
    }

    /// <summary>Gets the game's name: its folders' names.</summary>
    public string Name { get; }

    /// <summary>Gets the task's sentence.</summary>
    public string Instruction { get; }

    /// <summary>Gets the hash of the text grammar without the sentence; one for all games whose text this project knows.</summary>
    public ulong GrammarHash { get; }

    /// <summary>Gets domain and problem.</summary>
    public PlanningTask Planning { get; }

    /// <summary>Gets the shipped solution: a shortest plan of somebody who sees everything. For tests and upper bounds, not for imitation.</summary>
    public IReadOnlyList<string> Walkthrough { get; }

    /// <summary>Reads a game file.</summary>
    /// <param name="path">Path of a <c>game.tw-pddl</c>.</param>
    /// <exception cref="InvalidDataException">The file is not a game.</exception>
    /// <exception cref="PddlException">Its PDDL is malformed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AlfWorldTask Load(string path)
    {
        var trial = new FileInfo(path).Directory;
        return Parse(File.ReadAllBytes(path), trial?.Parent is null ? path : $"{trial.Parent.Name}/{trial.Name}");
    }

    /// <summary>Reads a game.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="name">How to call it.</param>
    /// <exception cref="InvalidDataException">It is not a game.</exception>
    /// <exception cref="PddlException">Its PDDL is malformed.</exception>
    public static AlfWorldTask Parse(ReadOnlyMemory<byte> json, string name)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name}: not a game file, which is one JSON object: {e.Message}", e);
        }
        using (document)
        {
            string domainText = Text(document, "pddl_domain", name), grammar = Text(document, "grammar", name);
            int mark = grammar.IndexOf(TaskMark, StringComparison.Ordinal);
            int end = mark < 0 ? -1 : grammar.IndexOf('"', mark);
            if (end < 0) throw new InvalidDataException($"{name}: 'grammar' lacks '{TaskMark}…'; the task's sentence stands there.");
            string instruction = grammar[(mark + TaskMark.Length)..end];
            var domain = DomainOf(domainText);
            var problem = PddlProblem.Parse(Text(document, "pddl_problem", name), domain, name);
            string[] walkthrough = document.RootElement.TryGetProperty("walkthrough", out var steps) && steps.ValueKind == JsonValueKind.Array
                ? [.. steps.EnumerateArray().Where(s => s.ValueKind == JsonValueKind.String).Select(s => s.GetString()!)] : [];
            ulong hash = RandomStream.Fnv1a(string.Concat(grammar.AsSpan(0, mark), grammar.AsSpan(end)));
            return new AlfWorldTask(name, instruction, hash, new PlanningTask(domain, problem), walkthrough);
        }
    }

    /// <summary>Returns the name that an agent reads for an object; null for one that no fact mentions.</summary>
    internal string? NameOf(int thing) => _names[thing];

    private static PddlDomain DomainOf(string text)
    {
        if (Domains.TryGetValue(text, out var domain)) return domain;
        domain = PddlDomain.Parse(text, "ALFWorld domain");
        return Domains.Count < MaxDomains ? Domains.GetOrAdd(text, domain) : domain;
    }

    private static string Text(JsonDocument document, string property, string name)
        => document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvalidDataException($"{name}: '{property}' is absent or not a string; a game has pddl_domain, grammar, pddl_problem and walkthrough.");
}
