using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Draws a sweep over the share of active inputs.</summary>
internal static class SnnPicture
{
    // Beyond this a curve says no more than that the path is the wrong one.
    private const double Top = 6;

    /// <summary>Returns an SVG picture: time against the better of the two fixed paths, over the share of active inputs.</summary>
    /// <param name="points">The sweep.</param>
    /// <param name="layer">Which of its layers.</param>
    public static string Draw(IReadOnlyList<SnnSweepPoint> points, string layer)
    {
        SnnSweepPoint[] mine = [.. points.Where(p => p.Layer == layer).OrderBy(p => p.Share)];
        double[] x = [.. mine.Select(p => DeterministicMath.Log(p.Share * 100) / DeterministicMath.Log(10))];
        double[] Against(Func<SnnSweepPoint, double> time) => [.. mine.Select(p => Math.Min(Top, time(p) / Math.Min(p.DenseUs, p.SparseUs)))];
        return LinePlot.Draw(
            $"Spiking layer {layer}: dense, sparse and the engine's choice", "active inputs, log10 of %", "time, 1 = the better path",
            [new PlotSeries("dense", x, Against(p => p.DenseUs)), new PlotSeries("sparse", x, Against(p => p.SparseUs)), new PlotSeries("auto", x, Against(p => p.AutoUs))]);
    }

    /// <summary>Writes the picture of the layer in the middle of the convolutional network.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="points">The sweep.</param>
    public static void Write(string path, IReadOnlyList<SnnSweepPoint> points) => File.WriteAllText(path, Draw(points, SnnSweep.Typical));
}
