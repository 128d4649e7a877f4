using System.Security.Cryptography;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>The numbers of a candidate-scoring policy with its card. Immutable by agreement: nobody writes into the arrays.</summary>
/// <remarks>Weights are [input, output], row after row; the memory's are [input, 3 · memory], reset, keep, fresh.</remarks>
public sealed class CandidateWeights
{
    internal const int MostWidth = 1024, MostFeatures = 1 << 16;

    /// <summary>Takes numbers and checks them.</summary>
    /// <param name="card">The card.</param>
    /// <param name="arrays">The arrays in the order of <see cref="NamesOf"/>.</param>
    /// <exception cref="InvalidDataException">A width, a length or a number breaks a rule.</exception>
    public CandidateWeights(CandidateCard card, IReadOnlyList<float[]> arrays)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(arrays);
        var names = NamesOf(card);
        if (arrays.Count != names.Count) throw new InvalidDataException($"Candidate policy '{card.Name}': there are {arrays.Count} arrays; must be {names.Count}.");
        for (int i = 0; i < names.Count; i++)
        {
            if (arrays[i].Length != names[i].Count) throw new InvalidDataException($"Candidate policy '{card.Name}': {names[i].Name} has {arrays[i].Length} numbers, the card's widths need {names[i].Count}.");
            int bad = Array.FindIndex(arrays[i], v => !float.IsFinite(v));
            if (bad >= 0) throw new InvalidDataException($"Candidate policy '{card.Name}': {names[i].Name}[{bad}] is {arrays[i][bad]}; must be finite.");
        }
        (Card, Arrays, Hash) = (card, arrays, HashOf(card, arrays));
    }

    /// <summary>Gets the card.</summary>
    public CandidateCard Card { get; }

    /// <summary>Gets the sha256 over card and numbers, 64 hexadecimal digits: which policy this is.</summary>
    public string Hash { get; }

    /// <summary>Gets the arrays by name, in order.</summary>
    public IEnumerable<(string Name, ReadOnlyMemory<float> Values)> Named => NamesOf(Card).Zip(Arrays, (n, a) => (n.Name, (ReadOnlyMemory<float>)a));

    internal IReadOnlyList<float[]> Arrays { get; }

    /// <summary>Returns names and lengths of the arrays that a card's widths ask for.</summary>
    /// <param name="card">The card.</param>
    /// <exception cref="InvalidDataException">A width is out of its range.</exception>
    public static IReadOnlyList<(string Name, int Count)> NamesOf(CandidateCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        foreach (var (name, value, most) in (ReadOnlySpan<(string, int, int)>)[("state", card.State, MostFeatures), ("event", card.Event, MostFeatures), ("candidate", card.Candidate, MostFeatures), ("encoder", card.Encoder, MostWidth), ("memory", card.Memory, MostWidth), ("first", card.First, MostWidth), ("second", card.Second, MostWidth)])
        {
            if (value < 1 || value > most) throw new InvalidDataException($"Candidate policy '{card.Name}': {name} is {value}; must be in [1, {most}].");
        }
        int m = card.Memory, f = card.First;
        return
        [
            ("encode.weight", card.State * card.Encoder), ("encode.bias", card.Encoder),
            ("listen.weight", card.Event * 3 * m), ("listen.bias", 3 * m), ("recall.weight", m * 3 * m), ("recall.bias", 3 * m),
            ("context.weight", (card.Encoder + m) * f), ("look.weight", card.Candidate * f), ("look.bias", f),
            ("second.weight", f * card.Second), ("second.bias", card.Second), ("score.weight", card.Second),
        ];
    }

    /// <summary>Returns the hash of a vocabulary as cards keep it.</summary>
    /// <param name="vocabulary">The text that names the features.</param>
    public static string HashOf(string vocabulary) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(vocabulary)));

    private static string HashOf(CandidateCard c, IReadOnlyList<float[]> arrays)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Lengths in front of free texts: no two cards give the same bytes.
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"1 {c.State} {c.Event} {c.Candidate} {c.Encoder} {c.Memory} {c.First} {c.Second} {c.Seed} {c.VocabularyHash.Length} {c.VocabularyHash} {c.Name.Length} {c.Name} {c.Command.Length} {c.Command} {c.Result.Length} {c.Result}\n")));
        foreach (var array in arrays) hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(array));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
