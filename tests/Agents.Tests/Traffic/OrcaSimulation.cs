using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

/// <summary>Robots that all choose by ORCA from delayed beacons, in fixed steps.</summary>
internal sealed class OrcaSimulation
{
    public const double Radius = 0.3, Step = 0.05;

    private readonly Orca[] _orcas;
    private readonly OrcaOptions _options;
    private readonly List<(Vector2D Position, Vector2D Velocity)[]> _history = [];

    public OrcaSimulation(OrcaOptions options, Vector2D[] starts, Vector2D[] goals)
    {
        _options = options;
        (Positions, Goals) = ([.. starts], goals);
        Velocities = new Vector2D[starts.Length];
        Headings = [.. starts.Zip(goals, (s, g) => DeterministicMath.Atan2(g.Y - s.Y, g.X - s.X))];
        _orcas = [.. starts.Select(_ => new Orca(options))];
    }

    public Vector2D[] Positions { get; }

    public Vector2D[] Goals { get; }

    public Vector2D[] Velocities { get; }

    public double[] Headings { get; }

    public double Least { get; private set; } = double.PositiveInfinity;

    public int Squeezed { get; private set; }

    public WallSegment[] Walls { get; init; } = [];

    /// <summary>How many steps old a beacon is, by sender, receiver and time.</summary>
    public Func<int, int, int, int> Delay { get; init; } = (_, _, _) => 0;

    public Func<int, int, OrcaNeighbour, OrcaNeighbour>? Change { get; init; }

    public Func<int, Vector2D, Vector2D>? Steer { get; init; }

    public double WallGap { get; private set; } = double.PositiveInfinity;

    public double FarthestFromGoal => Positions.Zip(Goals, Vector2D.Distance).Max();

    public void Run(double seconds)
    {
        int n = Positions.Length;
        for (int left = (int)Math.Round(seconds / Step); left > 0; left--)
        {
            int k = _history.Count;
            _history.Add([.. Positions.Zip(Velocities)]);
            for (int i = 0; i < n; i++)
            {
                var neighbours = new List<OrcaNeighbour>();
                for (int j = 0; j < n; j++)
                {
                    if (j == i) continue;
                    int age = Math.Min(Delay(j, i, k), k);
                    var (p, v) = _history[k - age][j];
                    var neighbour = new OrcaNeighbour((ulong)j + 1, p, v, Radius + (_options.Drive?.TrackingError ?? 0), _options.MaxSpeed, 0, Duration.FromSeconds(age * Step), true);
                    neighbours.Add(Change?.Invoke(i, j, neighbour) ?? neighbour);
                }
                Vector2D to = Goals[i] - Positions[i];
                double far = to.Length;
                Vector2D wanted = far > _options.MaxSpeed * 0.5 ? to * (_options.MaxSpeed / far) : to * 2;
                var choice = _orcas[i].Choose(new OrcaSelf((ulong)i + 1, _history[k][i].Position, _history[k][i].Velocity, Headings[i], Radius, wanted), neighbours.ToArray(), Walls);
                Assert.True(choice.Velocity.Length <= _options.MaxSpeed * (1 + 1e-9));
                if (choice.Outcome == OrcaOutcome.Squeezed) Squeezed++;
                if (_options.Drive is null) Velocities[i] = Steer?.Invoke(i, choice.Velocity) ?? choice.Velocity;
                else Drive(i, choice);
            }
            // Straight motion: the nearest approach within the step counts, not only its ends. On wheels a step is 5 cm of arc at most.
            Measure(_options.Drive is null ? Step : 0);
            if (_options.Drive is null)
            {
                for (int i = 0; i < n; i++) Positions[i] += Velocities[i] * Step;
            }
        }
    }

    private void Drive(int i, OrcaDecision choice)
    {
        double before = Headings[i], middle = before + choice.Twist.Angular * Step / 2;
        Headings[i] = DeterministicMath.WrapAngle(before + choice.Twist.Angular * Step);
        (double sin, double cos) = DeterministicMath.SinCos(middle);
        Velocities[i] = new Vector2D(cos, sin) * choice.Twist.Linear;
        Positions[i] += Velocities[i] * Step;
    }

    private void Measure(double step)
    {
        for (int i = 0; i < Positions.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Vector2D from = Positions[i] - Positions[j], to = from + (Velocities[i] - Velocities[j]) * step;
                Least = Math.Min(Least, Vector2D.Nearest(from, to, Vector2D.Zero).Length);
            }
            foreach (var wall in Walls) WallGap = Math.Min(WallGap, Vector2D.Distance(Vector2D.Nearest(wall.Start, wall.End, Positions[i]), Positions[i]));
        }
    }
}
