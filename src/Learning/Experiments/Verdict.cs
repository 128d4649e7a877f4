using System.Globalization;

namespace EdgeAutonomy.Learning;

/// <summary>What may be said about an arm after two test sets.</summary>
/// <remarks>"Better" only if the arm lies outside the front and both interval ends agree on both sets; "worse" only if it lies inside on both. Everything else cannot be told apart.</remarks>
/// <param name="Word">"better", "worse" or "not distinguishable".</param>
/// <param name="Sentence">The sentence with its numbers.</param>
public sealed record Verdict(string Word, string Sentence)
{
    /// <summary>Judges.</summary>
    /// <param name="arm">The arm's name.</param>
    /// <param name="front">What the front consists of, in words.</param>
    /// <param name="a">How it stands on the first test set.</param>
    /// <param name="b">How it stands on the second.</param>
    public static Verdict Of(string arm, string front, FrontComparison a, FrontComparison b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        string word = a.IsBetter && b.IsBetter ? "better" : a.IsWorse && b.IsWorse ? "worse" : "not distinguishable";
        string lead = word switch
        {
            "better" => $"{arm} is better than {front}",
            "worse" => $"{arm} is worse than {front}",
            _ => $"{arm} is not distinguishable from {front} by the rule",
        };
        return new Verdict(word, $"{lead}. A: {Describe(a)}. B: {Describe(b)}.");
    }

    private static string Describe(FrontComparison c)
    {
        string text = $"cost at equal mean error {Ratio(c.Mixture)}";
        if (c.Finer.Length > 0) text += $", against {c.Finer}, the cheapest as accurate, {Ratio(c.FinerCost)} in the median";
        if (c.Cheaper.Length > 0) text += string.Create(CultureInfo.InvariantCulture, $", error against {c.Cheaper}, the most accurate as cheap, {c.CheaperError.Value:+0.00;-0.00} [{c.CheaperError.Low:+0.00;-0.00}, {c.CheaperError.High:+0.00;-0.00}] decades");
        return c.Both.Length > 0 ? $"{text}, beaten on both axes by {c.Both}" : text;
    }

    private static string Ratio(Interval log) => string.Create(CultureInfo.InvariantCulture, $"{Power(log.Value):0.00}x [{Power(log.Low):0.00}, {Power(log.High):0.00}]");

    private static double Power(double log) => double.IsNegativeInfinity(log) ? 0 : double.IsPositiveInfinity(log) ? log : DeterministicMath.Pow(10, log);
}
