using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>A scenario in the making: a rectangle that is filled with walls, obstacles, stations and robots at random.</summary>
internal sealed class LayoutDraft
{
    /// <summary>Room a robot needs around its centre to get anywhere: radius 0.18 m and a hand's breadth.</summary>
    private const double Passage = 0.3;

    private readonly RandomStream _random;
    private readonly double _width, _height;
    private readonly List<WallSpec> _walls = [];
    private readonly List<ObstacleSpec> _obstacles = [];
    private readonly List<StationSpec> _stations = [];
    private readonly List<StartSpec> _robots = [];
    private FreeSpace? _free;
    private NarrowGate? _gate;
    private double _stationRoom; // metres that ways of movers keep from stations; 0 = they may cross them

    public LayoutDraft(RandomStream random, double width, double height)
    {
        (_random, _width, _height) = (random, width, height);
        _walls.Add(new(0, 0, width, 0, AnySurface()));
        _walls.Add(new(width, 0, width, height, AnySurface()));
        _walls.Add(new(width, height, 0, height, AnySurface()));
        _walls.Add(new(0, height, 0, 0, AnySurface()));
    }

    private FreeSpace Free => _free ??= new FreeSpace(0, 0, _width, _height, _walls, _obstacles);

    /// <summary>Adds thin walls, lying or standing, some of them joined to the border.</summary>
    public void AddInnerWalls(int count)
    {
        for (int i = 0; i < count; i++)
        {
            double length = _random.NextDouble(1.2, 2.8), x = _random.NextDouble(1.2, _width - 1.2), y = _random.NextDouble(1.2, _height - 1.2);
            bool standing = _random.NextInt32(2) == 0, joined = _random.NextInt32(3) == 0;
            if (standing)
            {
                double from = joined ? 0 : Math.Min(y, _height - 1 - length);
                AddThickWall(x, from, x, from + length);
            }
            else
            {
                double from = joined ? 0 : Math.Min(x, _width - 1 - length);
                AddThickWall(from, y, from + length, y);
            }
        }
    }

    /// <summary>Adds walls from alternate sides that leave a passage of 1.2 to 1.8 m.</summary>
    public void AddBaffles(int count)
    {
        for (int i = 0; i < count; i++)
        {
            double x = (i + 1) * _width / (count + 1) + _random.NextDouble(-0.6, 0.6), length = _height - _random.NextDouble(1.2, 1.8);
            if ((i & 1) == 0) AddThickWall(x, 0, x, length);
            else AddThickWall(x, _height - length, x, _height);
        }
    }

    /// <summary>Cuts the room in two, with one way through.</summary>
    public void AddGate()
    {
        var gate = NarrowGate.Of(_width, _height);
        _gate = gate;
        AddBlock(gate.X1, 0, gate.X2, gate.Y1);
        AddBlock(gate.X1, gate.Y2, gate.X2, _height);
    }

    /// <summary>Adds square pillars as high as the walls.</summary>
    public void AddPillars(int count)
    {
        for (int i = 0; i < count; i++)
        {
            double side = _random.NextDouble(0.25, 0.5), x = _random.NextDouble(1, _width - 1), y = _random.NextDouble(1, _height - 1);
            // Before a gate the floor stays free.
            if (IsBeforeGate(x, y)) continue;
            AddBlock(x - side / 2, y - side / 2, x + side / 2, y + side / 2);
        }
    }

    /// <summary>Adds boxes that stand on the floor, lower than the walls.</summary>
    public void AddBoxes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _obstacles.Add(new ObstacleSpec
            {
                X = _random.NextDouble(1, _width - 1), Y = _random.NextDouble(1, _height - 1), Length = _random.NextDouble(0.3, 0.7), Width = _random.NextDouble(0.3, 0.5),
                Heading = _random.NextDouble(0, Math.PI), Height = _random.NextDouble(0.4, 0.7), Surface = AnySurface(),
            });
        }
    }

    public bool PlaceStations(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!Find(0.55, p => !IsBeforeGate(p.X, p.Y) && _stations.TrueForAll(s => Apart(p.X, p.Y, s.X, s.Y, 1.8)), out double x, out double y)) return false;
            _stations.Add(new StationSpec($"S{i + 1}", x, y));
        }
        return true;
    }

    /// <summary>Takes stations whose places are given; movers keep away from them, so that whoever works there is not waited for.</summary>
    public void TakeStations(IReadOnlyList<StationSpec> stations, double room)
    {
        _stations.AddRange(stations);
        _stationRoom = room;
    }

    /// <summary>Adds pillars and boxes beside the ways between stations; one that finds no place is left out.</summary>
    /// <param name="pillars">How many pillars.</param>
    /// <param name="boxes">How many boxes.</param>
    /// <param name="ways">Pairs of stations between which the straight line stays free.</param>
    /// <param name="room">Metres that stay free on both sides of a way and around a station.</param>
    public void AddBeside(int pillars, int boxes, IReadOnlyList<(int A, int B)> ways, double room)
    {
        for (int i = 0; i < pillars + boxes; i++)
        {
            bool isPillar = i < pillars;
            double length = isPillar ? _random.NextDouble(0.25, 0.5) : _random.NextDouble(0.3, 0.7), width = isPillar ? length : _random.NextDouble(0.3, 0.5), heading = _random.NextDouble(0, Math.PI);
            double reach = 0.5 * Math.Sqrt(length * length + width * width) + room;
            for (int attempt = 0; attempt < 60; attempt++)
            {
                double x = _random.NextDouble(0.6, _width - 0.6), y = _random.NextDouble(0.6, _height - 0.6);
                if (!IsBeside(x, y, reach, ways)) continue;
                if (isPillar) AddBlock(x - length / 2, y - width / 2, x + length / 2, y + width / 2);
                else _obstacles.Add(new ObstacleSpec { X = x, Y = y, Length = length, Width = width, Heading = heading, Height = _random.NextDouble(0.4, 0.7), Surface = AnySurface() });
                break;
            }
        }
    }

    /// <summary>Places a robot at a station; false when it cannot reach every other one from there.</summary>
    public bool PlaceRobotAt(int station)
    {
        var (x, y) = (_stations[station].X, _stations[station].Y);
        bool[] reached = Free.Reach(x, y, Passage);
        if (!_stations.TrueForAll(s => Free.Holds(reached, s.X, s.Y))) return false;
        _robots.Add(new StartSpec(x, y, _random.NextDouble(-Math.PI, Math.PI)));
        return true;
    }

    /// <summary>Places robots apart from each other; false when one of them cannot reach every station.</summary>
    public bool PlaceRobots(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!Find(0.5, p => _robots.TrueForAll(r => Apart(p.X, p.Y, r.X, r.Y, 1)) && _stations.TrueForAll(s => Apart(p.X, p.Y, s.X, s.Y, 0.8)), out double x, out double y)) return false;
            bool[] reached = Free.Reach(x, y, Passage);
            if (!_stations.TrueForAll(s => Free.Holds(reached, s.X, s.Y))) return false;
            _robots.Add(new StartSpec(x, y, _random.NextDouble(-Math.PI, Math.PI)));
        }
        return true;
    }

    /// <summary>Adds cylinders that go about, on loops through free space or bouncing, away from the starts of the robots.</summary>
    public bool AddMovers(int count, bool bouncing)
    {
        for (int i = 0; i < count; i++)
        {
            double radius = _random.NextDouble(0.15, 0.28), room = radius + 0.15;
            int first = _obstacles.Count;
            if (!Find(room, p => _robots.TrueForAll(r => Apart(p.X, p.Y, r.X, r.Y, 1.2)) && MoversApart(p.X, p.Y) && AwayFromStations(p.X, p.Y, p.X, p.Y), out double x, out double y)) return false;
            var obstacle = new ObstacleSpec
            {
                X = x, Y = y, Radius = radius, Height = _random.NextDouble(0.45, 0.75), Surface = new Surface(TextureKind.Stripes, _random.NextDouble(0.5, 0.8), 0.5, _random.NextInt32(4)),
                Speed = _random.NextDouble(0.15, 0.5), Direction = _random.NextDouble(-Math.PI, Math.PI), Motion = bouncing ? MotionKind.Bounce : MotionKind.Loop,
            };
            if (!bouncing)
            {
                var way = Way(x, y, room);
                if (way.Count == 0) return false;
                obstacle = obstacle with { Waypoints = way };
            }
            _obstacles.Insert(first, obstacle);
        }
        return true;
    }

    public Scenario Finish(string name, ulong seed) => new()
    {
        Name = name, Seed = seed, Walls = _walls, Obstacles = _obstacles, Stations = _stations, Robots = _robots, WallHeight = 0.8,
    };

    private List<Waypoint> Way(double x, double y, double room)
    {
        var way = new List<Waypoint>();
        int corners = 1 + _random.NextInt32(3);
        (double fromX, double fromY) = (x, y);
        for (int attempt = 0; attempt < 200 && way.Count < corners; attempt++)
        {
            double toX = _random.NextDouble(0.5, _width - 0.5), toY = _random.NextDouble(0.5, _height - 0.5);
            if (!Apart(fromX, fromY, toX, toY, 1.5) || Free.Clearance(fromX, fromY, toX, toY) < room || !AwayFromStations(fromX, fromY, toX, toY)) continue;
            if (way.Count == corners - 1 && (Free.Clearance(toX, toY, x, y) < room || !AwayFromStations(toX, toY, x, y))) continue;
            way.Add(new Waypoint(toX, toY));
            (fromX, fromY) = (toX, toY);
        }
        return way.Count == corners ? way : [];
    }

    private bool AwayFromStations(double x1, double y1, double x2, double y2) =>
        _stationRoom <= 0 || _stations.TrueForAll(s => Distance(s.X, s.Y, x1, y1, x2, y2) >= _stationRoom);

    private bool IsBeside(double x, double y, double reach, IReadOnlyList<(int A, int B)> ways)
    {
        if (!_stations.TrueForAll(s => Apart(x, y, s.X, s.Y, reach + 0.2))) return false;
        foreach (var (a, b) in ways)
        {
            if (Distance(x, y, _stations[a].X, _stations[a].Y, _stations[b].X, _stations[b].Y) < reach) return false;
        }
        return true;
    }

    private bool IsBeforeGate(double x, double y) => _gate is { } g && x > g.X1 - 1.5 && x < g.X2 + 1.5 && y > g.Y1 - 0.8 && y < g.Y2 + 0.8;

    private bool MoversApart(double x, double y) => _obstacles.TrueForAll(o => o.Motion == MotionKind.Still || Apart(x, y, o.X, o.Y, 0.9));

    private bool Find(double room, Predicate<(double X, double Y)> good, out double x, out double y)
    {
        for (int attempt = 0; attempt < 300; attempt++)
        {
            (x, y) = (_random.NextDouble(0.4, _width - 0.4), _random.NextDouble(0.4, _height - 0.4));
            if (Free.Clearance(x, y) >= room && good((x, y))) return true;
        }
        (x, y) = (0, 0);
        return false;
    }

    private void AddThickWall(double x1, double y1, double x2, double y2)
    {
        const double Half = 0.05;
        AddBlock(Math.Min(x1, x2) - Half, Math.Min(y1, y2) - Half, Math.Max(x1, x2) + Half, Math.Max(y1, y2) + Half);
    }

    // Four sides, clipped to the arena so that none lies outside it.
    private void AddBlock(double x1, double y1, double x2, double y2)
    {
        (x1, y1, x2, y2) = (Math.Max(x1, 0), Math.Max(y1, 0), Math.Min(x2, _width), Math.Min(y2, _height));
        var surface = AnySurface();
        _walls.Add(new(x1, y1, x2, y1, surface));
        _walls.Add(new(x2, y1, x2, y2, surface));
        _walls.Add(new(x2, y2, x1, y2, surface));
        _walls.Add(new(x1, y2, x1, y1, surface));
    }

    private Surface AnySurface() =>
        new((TextureKind)_random.NextInt32(4), Math.Round(_random.NextDouble(0.35, 0.7), 1), Math.Round(_random.NextDouble(0.4, 0.6), 1), _random.NextInt32(2));

    // From a point to a straight line between two others, which may be one and the same.
    private static double Distance(double x, double y, double x1, double y1, double x2, double y2)
    {
        double ex = x2 - x1, ey = y2 - y1, length2 = ex * ex + ey * ey, t = length2 > 0 ? Math.Clamp(((x - x1) * ex + (y - y1) * ey) / length2, 0, 1) : 0;
        double dx = x1 + t * ex - x, dy = y1 + t * ey - y;
        return Math.Sqrt(dx * dx + dy * dy);
    }

    private static bool Apart(double x1, double y1, double x2, double y2, double distance) => (x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2) >= distance * distance;
}
