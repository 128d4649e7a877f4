using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Compares the ranges of one way to look with the truth of the built-in world.</summary>
/// <remarks>A sector's truth is the span of ranges from its left edge over its middle to its right edge. Only sectors that look nearer than four metres into the world are judged: beyond, no time to contact matters.</remarks>
internal sealed class RangeTruth(string name)
{
    private const double Farthest = 4, Tolerance = 0.3;
    private long _asked, _known, _right, _short, _long;
    private readonly List<double> _ratios = [];

    /// <summary>Gets what is judged.</summary>
    public string Name => name;

    /// <summary>Gets the share of sectors about which anything is claimed.</summary>
    public double Known => (double)_known / Math.Max(1, _asked);

    /// <summary>Gets the share of the claims within 30 % of the truth.</summary>
    public double Right => (double)_right / Math.Max(1, _known);

    /// <summary>Gets the share of the claims that are less than 70 % of the truth: phantoms.</summary>
    public double Short => (double)_short / Math.Max(1, _known);

    /// <summary>Gets the share of the claims that are more than 130 % of the truth: the dangerous side.</summary>
    public double Long => (double)_long / Math.Max(1, _known);

    /// <summary>Gets the middle ratio of the claimed to the true range.</summary>
    public double MedianRatio
    {
        get
        {
            _ratios.Sort();
            return _ratios.Count == 0 ? double.NaN : _ratios[_ratios.Count / 2];
        }
    }

    /// <summary>Judges the sectors of one cycle.</summary>
    public void Add(ReadOnlySpan<SectorEstimate> sectors, World world, int robot, float leastConfidence)
    {
        for (int s = 0; s < sectors.Length; s++)
        {
            double half = 0.5 * Math.Abs(sectors[s == 0 ? 1 : s - 1].Bearing - sectors[s].Bearing), nearest = double.PositiveInfinity, farthest = 0;
            for (int i = -1; i <= 1; i++)
            {
                double range = world.Probe(robot, sectors[s].Bearing + i * half).Range;
                (nearest, farthest) = (Math.Min(nearest, range), Math.Max(farthest, range));
            }
            if (nearest > Farthest) continue;
            _asked++;
            if (sectors[s].Confidence < leastConfidence || !(sectors[s].Range > 0)) continue;
            _known++;
            double claimed = sectors[s].Range, ratio = claimed < nearest ? claimed / nearest : claimed > farthest ? claimed / farthest : 1;
            _ratios.Add(claimed / world.Probe(robot, sectors[s].Bearing).Range);
            if (ratio < 1 - Tolerance) _short++;
            else if (ratio > 1 + Tolerance) _long++;
            else _right++;
        }
    }
}
