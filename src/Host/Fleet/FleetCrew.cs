using System.Diagnostics;
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
    private readonly Process?[] _processes;

    /// <summary>Starts all robots.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="planFile">The same as a file.</param>
    /// <param name="processes">Whether each has a process of its own.</param>
    /// <param name="say">Told what robots say.</param>
    public FleetCrew(FleetPlan plan, string planFile, bool processes, Action<string> say)
    {
        (_plan, _planFile, _say) = (plan, planFile, say);
        (_robots, _processes) = (new FleetRobot?[plan.Robots], new Process?[plan.Robots]);
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
    public void Kill(int robot)
    {
        _processes[robot]!.Kill();
        _processes[robot]!.WaitForExit();
    }

    /// <summary>Stops a robot's process where it stands.</summary>
    public void Freeze(int robot) => SignalSender.Send(_processes[robot]!.Id, SignalSender.Freeze);

    /// <summary>Lets it go on.</summary>
    public void Thaw(int robot) => SignalSender.Send(_processes[robot]!.Id, SignalSender.Continue);

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
            if (process is { HasExited: false } && (SignalSender.Send(process.Id, SignalSender.Continue) | SignalSender.Send(process.Id, SignalSender.Terminate)) != 0) process.Kill();
        }
        foreach (var process in _processes)
        {
            if (process is null) continue;
            if (!process.WaitForExit(Patience)) process.Kill();
            process.Dispose();
        }
        foreach (var robot in _robots) robot?.Dispose();
    }

    private void Start(int robot)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        // Run by `dotnet edge.dll` the process is dotnet itself.
        if (!Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("edge", StringComparison.Ordinal)) start.ArgumentList.Add(typeof(FleetCrew).Assembly.Location);
        foreach (string argument in (string[])["fleet-robot", "--plan", _planFile, "--index", robot.ToString(System.Globalization.CultureInfo.InvariantCulture)]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, e) =>
        {
            if (!string.IsNullOrEmpty(e.Data)) _say(e.Data);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes[robot] = process;
    }
}
