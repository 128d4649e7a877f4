namespace EdgeAutonomy.Recording;

/// <summary>Who publishes, subscribes and serves what: how the loop hangs together, for Foxglove's topic graph.</summary>
/// <param name="Published">Topic → names of its publishers.</param>
/// <param name="Subscribed">Topic → names of its subscribers.</param>
/// <param name="Services">Service → names of its providers.</param>
public sealed record FoxgloveGraph(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Published,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Subscribed,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Services)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    /// <summary>A graph of nothing.</summary>
    public static FoxgloveGraph Empty { get; } = new(Nothing, Nothing, Nothing);
}
