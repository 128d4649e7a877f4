namespace EdgeAutonomy.Learning;

/// <summary>What a command that cannot be carried out costs, within bounds that keep loitering from paying (notes D.2). A mask is better where it can be had.</summary>
/// <remarks>
/// Two bounds on β: over a whole episode it takes at most 15 % of the largest return, β·H ≤ 0.15·R_max; and at the starting policy avoiding it earns at most half of what trying earns, β ≤ ½·p·R_max / (u·H). Not a potential: it can
/// move the optimum, which the bounds only keep small.
/// </remarks>
public sealed record GroundingPenalty
{
    /// <summary>Gets β, per command that cannot be carried out, 0 or more.</summary>
    public required double Beta { get; init; }

    /// <summary>Gets H, the missions' step limit, at least 1.</summary>
    public required int Limit { get; init; }

    /// <summary>Gets p, how often the starting policy succeeds, in [0, 1].</summary>
    public required double Success { get; init; }

    /// <summary>Gets u, the share of the starting policy's commands that cannot be carried out, in [0, 1].</summary>
    public required double Ungrounded { get; init; }

    /// <summary>Gets R_max, above 0; default 1.</summary>
    public double LargestReturn { get; init; } = 1;

    /// <summary>Gets the greatest β by the step limit alone: 0.15·R_max / H.</summary>
    public double BoundByLimit => 0.15 * LargestReturn / Limit;

    /// <summary>Gets the greatest β at which trying still earns twice what loitering saves: ½·p·R_max / (u·H); infinite where everything can be carried out.</summary>
    public double BoundByPolicy => Ungrounded == 0 ? double.PositiveInfinity : 0.5 * Success * LargestReturn / (Ungrounded * Limit);

    /// <summary>Gets the smaller of the two bounds.</summary>
    public double Bound => Math.Min(BoundByLimit, BoundByPolicy);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One breaks a rule, or β is above a bound; the message names both bounds.</exception>
    public void Check()
    {
        if (Limit < 1 || Success is not (>= 0 and <= 1) || Ungrounded is not (>= 0 and <= 1) || !(LargestReturn > 0) || !double.IsFinite(LargestReturn))
        {
            throw new ArgumentException(FormattableString.Invariant($"Grounding penalty: Limit is {Limit}, Success {Success}, Ungrounded {Ungrounded}, LargestReturn {LargestReturn}; must be 1 or more, in [0, 1], in [0, 1] and above 0."));
        }
        if (Beta >= 0 && Beta <= Bound) return;
        throw new ArgumentException(FormattableString.Invariant($"Grounding penalty: Beta is {Beta}; must be in [0, {Bound:G3}], the smaller of 0.15 R_max / H = {BoundByLimit:G3} and p R_max / (2 u H) = {BoundByPolicy:G3}. ")
            + "Above that loitering beats trying; mask what cannot be carried out instead.");
    }
}
