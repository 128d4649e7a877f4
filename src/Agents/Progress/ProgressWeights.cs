using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>The numbers of a progress estimator with its card. Immutable by agreement: nobody writes into the arrays.</summary>
/// <remarks>Weights are [input, output], row after row; the first layer's inputs are state, event and chosen candidate, in this order.</remarks>
public sealed class ProgressWeights
{
    private const int MostLayers = 8;

    /// <summary>Takes numbers and checks them.</summary>
    /// <param name="card">The card.</param>
    /// <param name="arrays">The arrays in the order of <see cref="NamesOf"/>.</param>
    /// <exception cref="InvalidDataException">A width, a length or a number breaks a rule.</exception>
    public ProgressWeights(ProgressCard card, IReadOnlyList<float[]> arrays)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(arrays);
        var names = NamesOf(card);
        if (arrays.Count != names.Count) throw new InvalidDataException($"Progress estimator '{card.Name}': there are {arrays.Count} arrays; must be {names.Count}.");
        for (int i = 0; i < names.Count; i++)
        {
            if (arrays[i].Length != names[i].Count) throw new InvalidDataException($"Progress estimator '{card.Name}': {names[i].Name} has {arrays[i].Length} numbers, the card's widths need {names[i].Count}.");
            int bad = Array.FindIndex(arrays[i], v => !float.IsFinite(v));
            if (bad >= 0) throw new InvalidDataException($"Progress estimator '{card.Name}': {names[i].Name}[{bad}] is {arrays[i][bad]}; must be finite.");
        }
        (Card, Arrays, Hash) = (card, arrays, HashOf(card, arrays));
    }

    /// <summary>Gets the card.</summary>
    public ProgressCard Card { get; }

    /// <summary>Gets the sha256 over card and numbers, 64 hexadecimal digits: which estimator this is.</summary>
    public string Hash { get; }

    /// <summary>Gets the same as a bundle's manifest names it.</summary>
    public BundleAttributor Attributor => new(Card.Attributor, Card.Version, Hash);

    internal IReadOnlyList<float[]> Arrays { get; }

    /// <summary>Returns names and lengths of the arrays that a card's widths ask for.</summary>
    /// <param name="card">The card.</param>
    /// <exception cref="InvalidDataException">A width is out of its range.</exception>
    public static IReadOnlyList<(string Name, int Count)> NamesOf(ProgressCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)[("state", card.State), ("event", card.Event), ("candidate", card.Candidate)])
        {
            if (value < 1 || value > CandidateWeights.MostFeatures) throw new InvalidDataException($"Progress estimator '{card.Name}': {name} is {value}; must be in [1, {CandidateWeights.MostFeatures}].");
        }
        if (card.Hidden.Count is < 1 or > MostLayers) throw new InvalidDataException($"Progress estimator '{card.Name}': hidden has {card.Hidden.Count} layers; must be in [1, {MostLayers}].");
        var names = new List<(string, int)>(2 * card.Hidden.Count + 2);
        int width = card.State + card.Event + card.Candidate;
        for (int i = 0; i < card.Hidden.Count; i++)
        {
            if (card.Hidden[i] < 1 || card.Hidden[i] > CandidateWeights.MostWidth) throw new InvalidDataException($"Progress estimator '{card.Name}': hidden[{i}] is {card.Hidden[i]}; must be in [1, {CandidateWeights.MostWidth}].");
            names.Add(($"fc{i + 1}.weight", width * card.Hidden[i]));
            names.Add(($"fc{i + 1}.bias", width = card.Hidden[i]));
        }
        names.Add(("progress.weight", width));
        names.Add(("progress.bias", 1));
        return names;
    }

    private static string HashOf(ProgressCard c, IReadOnlyList<float[]> arrays)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"progress 1 {c.State} {c.Event} {c.Candidate} {string.Join('-', c.Hidden)} {c.Seed}")));
        // Lengths in front of free texts: no two cards give the same bytes.
        foreach (string text in (ReadOnlySpan<string>)[c.VocabularyHash, c.Name, c.Attributor, c.Version, c.Command, c.Result]) hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($" {text.Length} {text}")));
        foreach (var array in arrays) hash.AppendData(MemoryMarshal.AsBytes<float>(array));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
