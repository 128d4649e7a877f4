using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>The true image motion in front of a simulated rover's camera, from the world itself.</summary>
/// <remarks>
/// A pixel's ray meets the floor, or what <see cref="World.Probe"/> finds at its bearing; the velocity of that point against the camera gives the flow. Above the upper edge of a low obstacle
/// the background shows, whose distance is not asked for: there is no truth there. One thread, in step with the world.
/// </remarks>
internal sealed class MotionTruth
{
    private readonly World _world;
    private readonly int _robot;
    private readonly double _focal;
    private readonly (double X, double Y)[] _before, _velocity;
    private readonly double[] _columnDepth, _columnTop, _columnVx, _columnVz;
    private long _ticks;

    /// <summary>Looks at a robot of a world.</summary>
    public MotionTruth(World world, int robot)
    {
        (_world, _robot) = (world, robot);
        var camera = world.Scenario.Camera;
        double half = camera.FieldOfViewDegrees * (Math.PI / 360);
        _focal = 0.5 * camera.Width / Math.Tan(half);
        (_before, _velocity) = (new (double, double)[world.ObstacleCount], new (double, double)[world.ObstacleCount]);
        (_columnDepth, _columnTop, _columnVx, _columnVz) = (new double[camera.Width], new double[camera.Width], new double[camera.Width], new double[camera.Width]);
        Remember();
    }

    /// <summary>Takes the present instant: what each column looks at, and how that moves.</summary>
    public void Update()
    {
        double seconds = (_world.Ticks - _ticks) * 1e-3;
        for (int i = 0; i < _before.Length && seconds > 0; i++)
        {
            var now = _world.Obstacle(i);
            _velocity[i] = ((now.X - _before[i].X) / seconds, (now.Y - _before[i].Y) / seconds);
        }
        Remember();
        var camera = _world.Scenario.Camera;
        var rover = _world.Robots[_robot];
        double heading = rover.Pose.Heading, cos = Math.Cos(heading), sin = Math.Sin(heading);
        for (int x = 0; x < camera.Width; x++)
        {
            double right = (x - 0.5 * (camera.Width - 1)) / _focal, bearing = Math.Atan(-right);
            var hit = _world.Probe(_robot, bearing);
            _columnDepth[x] = hit.Range * Math.Cos(bearing);
            double height = hit.Kind == HitKind.Obstacle ? _world.Scenario.Obstacles[hit.Index].Height : _world.Scenario.WallHeight;
            _columnTop[x] = height - camera.MountHeight;
            (double vx, double vy) = hit.Kind == HitKind.Obstacle ? _velocity[hit.Index] : (0, 0);
            // Into the camera's frame: z ahead, x to the right.
            (_columnVz[x], _columnVx[x]) = (vx * cos + vy * sin, vx * sin - vy * cos);
        }
    }

    /// <summary>Returns the image motion at a pixel in pixels per second.</summary>
    /// <returns>False where there is no truth.</returns>
    public bool TryGet(int x, int y, out double right, out double down)
    {
        var camera = _world.Scenario.Camera;
        Twist2 own = _world.Robots[_robot].Velocity;
        double px = x - 0.5 * (camera.Width - 1), py = y - 0.5 * (camera.Height - 1);
        double depth = _columnDepth[x], vx = _columnVx[x], vz = _columnVz[x] - own.Linear, floor = py > 0 ? _focal * camera.MountHeight / py : double.PositiveInfinity;
        right = down = 0;
        if (floor < depth) (depth, vx, vz) = (floor, 0, -own.Linear);
        else if (!double.IsFinite(depth) || -py * depth / _focal > _columnTop[x] + depth / _focal) return false;
        right = (_focal * vx - px * vz) / depth + own.Angular * (_focal + px * px / _focal);
        down = -py * vz / depth + own.Angular * px * py / _focal;
        return true;
    }

    private void Remember()
    {
        for (int i = 0; i < _before.Length; i++) _before[i] = (_world.Obstacle(i).X, _world.Obstacle(i).Y);
        _ticks = _world.Ticks;
    }
}
