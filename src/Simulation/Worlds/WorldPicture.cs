using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Simulation;

/// <summary>Draws a world from above as SVG, for people and for the live page.</summary>
internal static class WorldPicture
{
    private const double PixelsPerMetre = 60, Margin = 0.3;

    public static string Draw(World world)
    {
        var map = world.Map;
        double width = map.MaxX - map.MinX + 2 * Margin, height = map.MaxY - map.MinY + 2 * Margin;
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width * PixelsPerMetre:0}\" height=\"{height * PixelsPerMetre:0}\" viewBox=\"{map.MinX - Margin:0.###} {-map.MaxY - Margin:0.###} {width:0.###} {height:0.###}\">");
        // North is up: the picture's y axis points down, so the whole drawing is mirrored once.
        Line(svg, $"<g transform=\"scale(1,-1)\" stroke-linecap=\"round\" fill=\"none\">");
        foreach (ref readonly var w in map.Walls) Line(svg, $"<line x1=\"{w.Ax:0.###}\" y1=\"{w.Ay:0.###}\" x2=\"{w.Bx:0.###}\" y2=\"{w.By:0.###}\" stroke=\"#333\" stroke-width=\"0.04\"/>");
        foreach (var s in world.Scenario.Stations) Line(svg, $"<circle cx=\"{s.X:0.###}\" cy=\"{s.Y:0.###}\" r=\"{s.Radius:0.###}\" stroke=\"#2a7\" stroke-width=\"0.03\"/>");
        for (int i = 0; i < world.ObstacleCount; i++) Obstacle(svg, world.Bodies[i], world.Scenario.Obstacles[i].Motion != MotionKind.Still);
        foreach (var robot in world.Robots)
        {
            var pose = robot.Pose;
            var goal = robot.Goal;
            if (goal.Id != 0) Line(svg, $"<line x1=\"{pose.X:0.###}\" y1=\"{pose.Y:0.###}\" x2=\"{goal.X:0.###}\" y2=\"{goal.Y:0.###}\" stroke=\"#2a7\" stroke-width=\"0.02\" stroke-dasharray=\"0.1 0.1\"/>");
            Line(svg, $"<circle cx=\"{pose.X:0.###}\" cy=\"{pose.Y:0.###}\" r=\"{robot.Radius:0.###}\" fill=\"#48c\"/>");
            Line(svg, $"<line x1=\"{pose.X:0.###}\" y1=\"{pose.Y:0.###}\" x2=\"{pose.X + robot.Cos * robot.Radius:0.###}\" y2=\"{pose.Y + robot.Sin * robot.Radius:0.###}\" stroke=\"#fff\" stroke-width=\"0.05\"/>");
        }
        svg.Append("</g>\n</svg>\n");
        return svg.ToString();
    }

    private static void Obstacle(StringBuilder svg, in Body body, bool moves)
    {
        string colour = moves ? "#d64" : "#987";
        if (body.Round)
        {
            Line(svg, $"<circle cx=\"{body.X:0.###}\" cy=\"{body.Y:0.###}\" r=\"{body.Radius:0.###}\" fill=\"{colour}\"/>");
            return;
        }
        double ax = body.HalfLength * body.Cos, ay = body.HalfLength * body.Sin, bx = -body.HalfWidth * body.Sin, by = body.HalfWidth * body.Cos;
        Line(svg, $"<polygon points=\"{body.X + ax + bx:0.###},{body.Y + ay + by:0.###} {body.X - ax + bx:0.###},{body.Y - ay + by:0.###} {body.X - ax - bx:0.###},{body.Y - ay - by:0.###} {body.X + ax - bx:0.###},{body.Y + ay - by:0.###}\" fill=\"{colour}\"/>");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
