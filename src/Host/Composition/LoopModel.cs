namespace EdgeAutonomy.Host;

/// <summary>A trained file that a loop uses.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Section">The part of its configuration: Perceive, Decide or Period.</param>
/// <param name="Option">The key there.</param>
/// <param name="Model">A name or a path.</param>
/// <param name="Kind">What it is called in a recording.</param>
internal sealed record LoopModel(string Loop, string Section, string Option, string Model, string Kind)
{
    /// <summary>Gets whether a replay computes with it; otherwise its results come from the log.</summary>
    public bool IsReplayed { get; init; } = true;

    /// <summary>Gets the key under which a recording keeps its hash.</summary>
    public string Key => $"{Kind}:{Loop}";
}
