using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Makes the parts of a world from a scenario.</summary>
internal static class WorldBuilder
{
    public static WallSegment[] Walls(Scenario scenario, TextureSet textures)
    {
        var phase = RandomStream.For(scenario.Seed, "world.walls");
        var walls = new WallSegment[scenario.Walls.Count];
        for (int i = 0; i < walls.Length; i++)
        {
            var w = scenario.Walls[i];
            double dx = w.X2 - w.X1, dy = w.Y2 - w.Y1, length = Math.Sqrt(dx * dx + dy * dy);
            // Light from the side: walls of different directions differ in brightness, so corners are seen.
            float shade = (float)(0.75 + 0.25 * Math.Abs(0.8 * dy / length - 0.6 * dx / length));
            walls[i] = new WallSegment(w.X1, w.Y1, w.X2, w.Y2, phase.NextDouble(0, 3.2), shade, textures.Get(w.Surface));
        }
        return walls;
    }

    public static Body[] Bodies(Scenario scenario, TextureSet textures)
    {
        var bodies = new Body[scenario.Obstacles.Count + scenario.Robots.Count];
        for (int i = 0; i < scenario.Obstacles.Count; i++)
        {
            var o = scenario.Obstacles[i];
            double half = 0.5 * o.Length, side = 0.5 * o.Width;
            bodies[i] = new Body
            {
                X = o.X, Y = o.Y, Round = o.IsRound, Height = o.Height, Texture = textures.Get(o.Surface),
                Radius = o.IsRound ? o.Radius : Math.Sqrt(half * half + side * side), HalfLength = half, HalfWidth = side,
                Cos = DeterministicMath.Cos(o.Heading), Sin = DeterministicMath.Sin(o.Heading),
            };
        }
        for (int i = 0; i < scenario.Robots.Count; i++)
        {
            var start = scenario.Robots[i];
            bodies[scenario.Obstacles.Count + i] = new Body
            {
                X = start.X, Y = start.Y, Round = true, Radius = scenario.Rover.Radius, Height = scenario.Rover.Height, Texture = textures.Get(scenario.Rover.Surface),
            };
        }
        return bodies;
    }

    public static Mover[] Movers(Scenario scenario)
    {
        var movers = new List<Mover>();
        for (int i = 0; i < scenario.Obstacles.Count; i++)
        {
            if (scenario.Obstacles[i].Motion != MotionKind.Still) movers.Add(new Mover(scenario.Obstacles[i], i));
        }
        return [.. movers];
    }

    public static RoverCamera Camera(Scenario scenario, FloorTexture floor, int walls, int bodies, int robot)
    {
        var renderer = new ColumnRenderer(scenario.Camera, scenario.WallHeight, (float)scenario.SkyBrightness, floor, walls, bodies);
        return new RoverCamera(scenario.Camera, renderer, scenario.Seed ^ RandomStream.Fnv1a($"rover{robot + 1}.camera"));
    }
}
