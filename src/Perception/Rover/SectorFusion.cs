namespace EdgeAutonomy.Perception;

/// <summary>Makes one estimate per sector out of two independent ones of the same image.</summary>
/// <remarks>
/// Where one knows nothing the other stands as it is. Where both know, inverse ranges are averaged in the logarithm, in which their errors are alike,
/// weighted by the square of confidence; agreement adds confidence as two independent witnesses do, contradiction takes some away. Pure functions; no allocation.
/// </remarks>
internal static class SectorFusion
{
    /// <summary>A difference in the logarithm of the range at which agreement has fallen to 61 %: about the spread of either estimate on its own.</summary>
    private const float Spread = 0.35f;

    /// <summary>What an estimate by the network counts beside one by the search: the ratio of the squares of their spreads in the logarithm of the range,
    /// 0.2 to 0.5 (edge bench motion, built-in world).</summary>
    private const float Share = 0.16f;

    /// <summary>What the network's confidence is worth where the search knows nothing.</summary>
    private const float Alone = 0.3f;

    /// <summary>Fuses.</summary>
    /// <param name="sectors">One estimate; receives the fused one, [sector].</param>
    /// <param name="others">The other, of the same sectors.</param>
    internal static void Fuse(Span<SectorEstimate> sectors, ReadOnlySpan<SectorEstimate> others)
    {
        for (int s = 0; s < sectors.Length; s++) sectors[s] = Fuse(in sectors[s], in others[s]);
    }

    private static SectorEstimate Fuse(in SectorEstimate a, in SectorEstimate b)
    {
        var fused = a;
        if (b.Confidence <= 0 || !(b.Range > 0)) return fused;
        if (a.Confidence <= 0 || !(a.Range > 0))
        {
            (fused.TimeToContact, fused.Confidence, fused.Range) = (b.TimeToContact, Alone * b.Confidence, b.Range);
            return fused;
        }
        float weightA = a.Confidence, weightB = Share * b.Confidence;
        float apart = DeterministicMathF.Log(b.Range / a.Range), agreement = DeterministicMathF.Exp(-0.5f * apart * apart / (Spread * Spread));
        float factor = DeterministicMathF.Exp(apart * weightB / (weightA + weightB));
        fused.Range = a.Range * factor;
        fused.Confidence = agreement * (1f - (1f - a.Confidence) * (1f - Alone * b.Confidence)) + (1f - agreement) * a.Confidence * (1f - Alone * b.Confidence);
        // Time to contact is proportional to the range; infinite means only that it is longer than anybody asked for.
        fused.TimeToContact = float.IsFinite(a.TimeToContact) ? a.TimeToContact * factor : b.TimeToContact * (fused.Range / b.Range);
        return fused;
    }
}
