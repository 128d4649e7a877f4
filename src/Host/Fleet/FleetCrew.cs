using System.Globalization;
using System.Text.Json;

namespace EdgeAutonomy.Host;

/// <summary>The robots of a run: threads of this process, or a process each, which can be killed, frozen and started again.</summary>
internal sealed class FleetCrew : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FleetPlan _plan;
    private readonly string _planFile;
    private readonly Action<string> _say;
    private readonly FleetRobot?[] _robots;
    private readonly OwnedProcess?[] _processes;

    /// <summary>Starts all robots.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="planFile">The same as a file.</param>
    /// <param name="processes">Whether each has a process of its own.</param>
    /// <param name="say">Told what robots say.</param>
    public FleetCrew(FleetPlan plan, string planFile, bool processes, Action<string> say)
    {
        (_plan, _planFile, _say) = (plan, planFile, say);
        (_robots, _processes) = (new FleetRobot?[plan.Robots], new OwnedProcess?[plan.Robots]);
        try
        {
            for (int i = 0; i < plan.Robots; i++)
            {
                if (processes) Start(i);
                else _robots[i] = new FleetRobot(plan, i, say);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Returns whether a robot's program runs.</summary>
    public bool IsRunning(int robot) => _robots[robot] is not null || _processes[robot] is { HasExited: false };

    /// <summary>Kills a robot's process at once (SIGKILL).</summary>
    public void Kill(int robot) => _processes[robot]!.Kill();

    /// <summary>Stops a robot's process where it stands.</summary>
    public void Freeze(int robot) => _processes[robot]!.Signal(SignalSender.Freeze);

    /// <summary>Lets it go on.</summary>
    public void Thaw(int robot) => _processes[robot]!.Signal(SignalSender.Continue);

    /// <summary>Starts a robot that was killed, where its body stands.</summary>
    public void StartAgain(int robot, RobotTruth? body)
    {
        if (body is not null) File.WriteAllText(_plan.PlaceFile(robot), JsonSerializer.Serialize(new[] { body.X, body.Y, body.Heading }));
        _processes[robot]?.Dispose();
        Start(robot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            // A frozen one cannot hear that it is to end.
            process?.Signal(SignalSender.Continue);
            process?.Signal(SignalSender.Terminate);
        }
        foreach (var process in _processes)
        {
            process?.WaitForExit(Patience);
            process?.Dispose();
        }
        foreach (var robot in _robots) robot?.Dispose();
    }

    private void Start(int robot)
    {
        string program = Environment.ProcessPath!;
        // Run by `dotnet edge.dll` the process is dotnet itself.
        string[] assembly = Path.GetFileNameWithoutExtension(program).Equals("edge", StringComparison.Ordinal) ? [] : [typeof(FleetCrew).Assembly.Location];
        _processes[robot] = new OwnedProcess(program, [.. assembly, "fleet-robot", "--plan", _planFile, "--index", robot.ToString(CultureInfo.InvariantCulture)], _say);
    }
}
