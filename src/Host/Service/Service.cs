using System.Diagnostics;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAutonomy.Host;

/// <summary>Runs a configuration as a service: checks it, builds its loops, runs them until a signal, and says how it ended.</summary>
internal static class Service
{
    /// <summary>Runs until SIGTERM, Ctrl-C, the given time, or a failure.</summary>
    /// <param name="file">The configuration.</param>
    /// <param name="seconds">When to stop by itself; 0 = never.</param>
    /// <param name="terminal">Takes the log on standard error, and the result.</param>
    /// <param name="record">A recording in place of the one the configuration names; null = as configured.</param>
    public static ExitCode Run(string file, double seconds, string? record, Terminal terminal)
    {
        var configuration = ConfigurationFile.Load(file, Stages.All);
        if (!configuration.IsValid) return Refuse(file, configuration, terminal);
        foreach (var warning in configuration.Findings) terminal.Say($"edge: {warning.Message} {warning.Remedy}");

        var options = configuration.Options;
        bool recorded = record is not null || options.Recording.Enabled;
        using var agent = AgentPost.Of(options);
        var fleet = FleetPost.Of(options);
        var live = options.Live is { Enabled: true } section ? section.ToOptions(options.Robot.Id, 2 * options.Watchdog.LimitMs) with { MoreMetrics = agent?.Shown ?? [] } : null;
        var clock = options.Clock.Mode == ClockMode.Sim ? RecordedClock.Sim : RecordedClock.Real;
        var wiring = LoopWiring.None with { Lanes = recorded || live is not null ? RunRecorder.Lanes(options.Recording, clock, recorded) : null, Say = f => terminal.Say($"edge: {f}") };
        var loops = LoopFactory.Build(options, agent?.Wire(wiring, options) ?? fleet?.Wire(wiring, options) ?? wiring);
        var inboxes = LoopInboxes.Of(loops);
        using var view = live is null ? null : RunView.Start(live, inboxes);
        if (view is not null) terminal.Say($"edge: live page at {view.Address}");
        RecordLane[] lanes = [.. loops.Select(l => l.Lane).OfType<RecordLane>()];
        if ((agent?.Lane ?? fleet?.Lane) is { } more && lanes.Length > 0) lanes = [.. lanes, more];
        using var recorder = lanes.Length == 0 ? null : RunRecorder.Start(
            lanes, recorded ? Recording(file, record, options, agent?.Site.Scenario ?? fleet?.Scenario(options)) : null, options.Recording.ViewHz, view is null ? [] : [view.Consumer(lanes)],
            fault => Told(fault, options.Recording, inboxes, view, terminal), required: record is not null);
        using var host = BuildHost(configuration.Raw, options, loops, agent, fleet, Folder(file), recorder, terminal);
        var service = host.Services.GetRequiredService<LoopService>();
        var missionAgent = host.Services.GetService<AgentService>();
        var inFleet = host.Services.GetService<FleetService>();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        bool timeUp = false;
        long start = Stopwatch.GetTimestamp();
        using var timer = seconds > 0
            ? new Timer(_ => { timeUp = true; lifetime.StopApplication(); }, null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan)
            : null;
        host.Run();
        recorder?.Dispose();

        string stopped = service.Code != ExitCode.Ok ? "failure" : timeUp ? "time" : "signal";
        var missions = missionAgent?.Rows;
        var result = new ServiceResult(options.Robot.Id, stopped, Stopwatch.GetElapsedTime(start).TotalSeconds, [.. loops.Select(l => LoopResult.Of(l.Loop))], RecordingRow.Of(recorder?.Totals), missions, inFleet?.Row);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else
        {
            TableWriter.Write(terminal, ServiceView.Of(result));
            if (missions is { Count: > 0 }) TableWriter.Write(terminal, Summaries.Table(missions));
            if (result.Recording is { } r) terminal.Output.WriteLine(r.ToString());
        }
        return service.Code;
    }

    private static string Folder(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";

    private static (RecordingOptions Options, RunInfo Info) Recording(string file, string? record, EdgeOptions options, Scenario? room)
    {
        string folder = Path.GetFullPath(options.Recording.Path, Folder(file));
        var scenario = options.Loops.Values.Select(l => l.Sense).OfType<SimulatedRoverSense>().FirstOrDefault();
        return (
            options.Recording.ToOptions(record ?? Path.Combine(folder, RecordingName.Of(options.Robot.Id, TimeProvider.System.GetUtcNow()))),
            RunRecorder.Describe("run", options, room ?? (scenario is null ? null : LoopFactory.Scenario(scenario, options.Robot.Seed, 1))));
    }

    private static void Told(RecordingFault fault, RecordingSection section, LoopInboxes inboxes, RunView? view, Terminal terminal)
    {
        terminal.Say($"edge: {fault.Text}");
        view?.Show(fault);
        inboxes.SubmitAll(LoopInputKind.RungFloor, fault.Stopped ? (int)Enum.Parse<Rung>(section.OnFailure) : 0);
    }

    private static ExitCode Refuse(string file, ConfigurationResult configuration, Terminal terminal)
    {
        int errors = configuration.Findings.Count(f => f.Severity == Severity.Error);
        if (terminal.Json)
        {
            terminal.Output.WriteLine(JsonOutput.Serialize(new FindingsResult(file, false, configuration.Findings)));
        }
        foreach (var finding in configuration.Findings) terminal.Say($"edge: {finding.Message} {finding.Remedy}");
        terminal.Say($"edge: {file} has {errors} errors; nothing was started.");
        return ExitCode.Configuration;
    }

    private static IHost BuildHost(IConfigurationRoot raw, EdgeOptions options, IReadOnlyList<BuiltLoop> loops, AgentPost? agent, FleetPost? fleet, string folder, RunRecorder? recorder, Terminal terminal)
    {
        // The empty builder: no environment variables, no appsettings.json of the working folder; a robot's behaviour comes from one file.
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "edge" });
        builder.Configuration.AddConfiguration(raw);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddProvider(new LineLoggerProvider(terminal.Error));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(loops);
        builder.Services.AddSingleton(p => new LoopService(
            loops, options, p.GetRequiredService<IHostApplicationLifetime>(), p.GetRequiredService<ILogger<LoopService>>(), line => recorder?.Log(line)));
        builder.Services.AddHostedService(p => p.GetRequiredService<LoopService>());
        // After the loops, so that they start last and end first.
        if (fleet is not null)
        {
            builder.Services.AddSingleton(p => new FleetService(
                fleet, folder, loops.Single(l => l.Loop.Name == fleet.Section.Loop), options.Robot, p.GetRequiredService<ILogger<FleetService>>(), line => recorder?.Log(line)));
            builder.Services.AddHostedService(p => p.GetRequiredService<FleetService>());
        }
        if (agent is null) return builder.Build();
        builder.Services.AddSingleton(p => new AgentService(
            agent, folder, loops.Single(l => l.Loop.Name == agent.Section.Loop), options.Robot, p.GetRequiredService<ILogger<AgentService>>(), line => recorder?.Log(line)));
        builder.Services.AddHostedService(p => p.GetRequiredService<AgentService>());
        return builder.Build();
    }
}
