using System.Globalization;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Draws a map from above as SVG: walls, obstacles, goals, robots and the paths they took. Both axes have the same scale.</summary>
public static class MapPlot
{
    private const double Left = 64, Top = 66, Right = 20, Bottom = 54;

    /// <summary>Returns the picture. Without anything to draw it has empty axes.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="map">The surroundings.</param>
    /// <param name="paths">Paths, coloured in order; the n-th robot of the map has the colour of the path with its name, else the n-th.</param>
    /// <param name="width">Pixels, at least 200; the height follows from the map, up to twice the width.</param>
    public static string Draw(string title, MapView map, IReadOnlyList<MapPath> paths, int width = 900)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        var (lowX, lowY, highX, highY) = Bounds(map, paths);
        double scale = Math.Min((width - Left - Right) / (highX - lowX), 2 * width / (highY - lowY));
        double bottom = Top + scale * (highY - lowY), right = Left + scale * (highX - lowX);
        var svg = new SvgPicture(width, (int)Math.Ceiling(bottom + Bottom), title);
        var x = new PlotAxis(lowX, highX, Left, right, exact: true);
        var y = new PlotAxis(lowY, highY, bottom, Top, exact: true);
        svg.Frame(x, y, Left, Top, right, bottom, "x (m)", "y (m)");
        foreach (var o in map.Obstacles) svg.Add($"<circle cx=\"{x.At(o.X):0.##}\" cy=\"{y.At(o.Y):0.##}\" r=\"{scale * o.Radius:0.##}\" fill=\"{(o.Moves ? "#dd6644" : "#998877")}\"{(o.Moves ? " fill-opacity=\"0.85\"" : "")}/>");
        foreach (var w in map.Walls) svg.Add($"<line x1=\"{x.At(w.X1):0.##}\" y1=\"{y.At(w.Y1):0.##}\" x2=\"{x.At(w.X2):0.##}\" y2=\"{y.At(w.Y2):0.##}\" class=\"wall\" stroke-width=\"3\" stroke-linecap=\"round\"/>");
        for (int i = 0; i < paths.Count; i++) DrawPath(svg, paths[i], i, x, y);
        for (int i = 0; i < map.Robots.Count; i++) DrawRobot(svg, map.Robots[i], ColorOf(map.Robots[i].Name, i, paths), x, y, scale);
        DrawGoals(svg, paths, x, y);
        svg.Legend(paths.Count > 0 ? [.. paths.Select(p => p.Name)] : [.. map.Robots.Select(r => r.Name)], width - Right, 48);
        return svg.Finish();
    }

    private static int ColorOf(string name, int index, IReadOnlyList<MapPath> paths)
    {
        for (int i = 0; i < paths.Count; i++)
        {
            if (paths[i].Name == name) return i % ViewPalette.Series.Length;
        }
        return index % ViewPalette.Series.Length;
    }

    private static (double LowX, double LowY, double HighX, double HighY) Bounds(MapView map, IReadOnlyList<MapPath> paths)
    {
        double lowX = double.PositiveInfinity, lowY = lowX, highX = double.NegativeInfinity, highY = highX;
        void Take(double x, double y, double radius)
        {
            if (!double.IsFinite(x) || !double.IsFinite(y) || !double.IsFinite(radius)) return;
            (lowX, highX) = (Math.Min(lowX, x - radius), Math.Max(highX, x + radius));
            (lowY, highY) = (Math.Min(lowY, y - radius), Math.Max(highY, y + radius));
        }
        foreach (var w in map.Walls)
        {
            Take(w.X1, w.Y1, 0);
            Take(w.X2, w.Y2, 0);
        }
        foreach (var o in map.Obstacles) Take(o.X, o.Y, o.Radius);
        foreach (var r in map.Robots)
        {
            Take(r.Pose.X, r.Pose.Y, r.Radius);
            if (r.Goal.Id != 0) Take(r.Goal.X, r.Goal.Y, r.Goal.Radius);
        }
        foreach (var path in paths)
        {
            foreach (var pose in path.Poses) Take(pose.X, pose.Y, 0);
            foreach (var goal in path.Goals) Take(goal.X, goal.Y, 0);
        }
        if (lowX > highX) return (0, 0, 1, 1);
        double margin = Math.Max(0.2, 0.02 * Math.Max(highX - lowX, highY - lowY));
        // A path along a line would make a picture without height.
        double needed = Math.Max(0, 0.2 * (highX - lowX) - (highY - lowY)) / 2;
        return (lowX - margin, lowY - margin - needed, highX + margin, highY + margin + needed);
    }

    private static void DrawPath(SvgPicture svg, MapPath path, int index, PlotAxis x, PlotAxis y)
    {
        var d = new StringBuilder();
        bool broken = true;
        double lastX = 0, lastY = 0, startX = double.NaN, startY = 0;
        foreach (var pose in path.Poses)
        {
            if (!double.IsFinite(pose.X) || !double.IsFinite(pose.Y))
            {
                broken = true;
                continue;
            }
            double px = x.At(pose.X), py = y.At(pose.Y);
            // Steps below a third of a pixel cannot be seen and would make the file as long as the recording.
            if (!broken && (px - lastX) * (px - lastX) + (py - lastY) * (py - lastY) < 0.1) continue;
            if (double.IsNaN(startX)) (startX, startY) = (px, py);
            d.Append(broken ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{px:0.##} {py:0.##}");
            (broken, lastX, lastY) = (false, px, py);
        }
        if (d.Length == 0) return;
        int color = index % ViewPalette.Series.Length;
        svg.Add($"<path d=\"{d}\" fill=\"none\" class=\"s{color}\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\" stroke-opacity=\"0.9\"/>");
        svg.Add($"<circle cx=\"{startX:0.##}\" cy=\"{startY:0.##}\" r=\"4\" class=\"bg s{color}\" stroke-width=\"2\"/>");
    }

    // One robot's are numbered by the order of its first visits; several robots share places, and numbers would lie upon each other.
    private static void DrawGoals(SvgPicture svg, IReadOnlyList<MapPath> paths, PlotAxis x, PlotAxis y)
    {
        const int Most = 99;
        var places = new HashSet<(double, double)>();
        foreach (var goal in paths.SelectMany(p => p.Goals))
        {
            if (!double.IsFinite(goal.X) || !double.IsFinite(goal.Y) || places.Count == Most || !places.Add((goal.X, goal.Y))) continue;
            double gx = x.At(goal.X), gy = y.At(goal.Y);
            svg.Add($"<circle cx=\"{gx:0.##}\" cy=\"{gy:0.##}\" r=\"{(paths.Count == 1 ? 9 : 5)}\" class=\"bg goal\" stroke-width=\"1.5\"/>");
            if (paths.Count == 1) svg.Text(gx, gy + 4, places.Count.ToString(CultureInfo.InvariantCulture), "ink", "middle", 11);
        }
    }

    private static void DrawRobot(SvgPicture svg, in MapRobot robot, int color, PlotAxis x, PlotAxis y, double scale)
    {
        if (robot.Goal.Id != 0)
        {
            double gx = x.At(robot.Goal.X), gy = y.At(robot.Goal.Y);
            svg.Add($"<circle cx=\"{gx:0.##}\" cy=\"{gy:0.##}\" r=\"{Math.Max(6, scale * robot.Goal.Radius):0.##}\" fill=\"none\" class=\"s{color}\" stroke-width=\"2\" stroke-dasharray=\"5 4\"/>");
            svg.Add($"<circle cx=\"{gx:0.##}\" cy=\"{gy:0.##}\" r=\"2.5\" class=\"f{color}\"/>");
        }
        if (!double.IsFinite(robot.Pose.X) || !double.IsFinite(robot.Pose.Y)) return;
        double px = x.At(robot.Pose.X), py = y.At(robot.Pose.Y), radius = Math.Max(5, scale * robot.Radius);
        var (sin, cos) = DeterministicMath.SinCos(robot.Pose.Heading);
        svg.Add($"<circle cx=\"{px:0.##}\" cy=\"{py:0.##}\" r=\"{radius:0.##}\" class=\"f{color} halo\" stroke-width=\"1.5\"/>");
        svg.Add($"<line x1=\"{px:0.##}\" y1=\"{py:0.##}\" x2=\"{px + radius * cos:0.##}\" y2=\"{py - radius * sin:0.##}\" stroke=\"#fff\" stroke-width=\"2\" stroke-linecap=\"round\"/>");
    }
}
