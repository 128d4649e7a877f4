using System.Diagnostics;
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
    public static ExitCode Run(string file, double seconds, Terminal terminal)
    {
        var configuration = ConfigurationFile.Load(file, Stages.All);
        if (!configuration.IsValid) return Refuse(file, configuration, terminal);
        foreach (var warning in configuration.Findings) terminal.Say($"edge: {warning.Message} {warning.Remedy}");

        var options = configuration.Options;
        var loops = LoopFactory.Build(options);
        using var host = BuildHost(configuration.Raw, options, loops, terminal);
        var service = host.Services.GetRequiredService<LoopService>();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        bool timeUp = false;
        long start = Stopwatch.GetTimestamp();
        using var timer = seconds > 0
            ? new Timer(_ => { timeUp = true; lifetime.StopApplication(); }, null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan)
            : null;
        host.Run();

        string stopped = service.Code != ExitCode.Ok ? "failure" : timeUp ? "time" : "signal";
        var result = new ServiceResult(options.Robot.Id, stopped, Stopwatch.GetElapsedTime(start).TotalSeconds, [.. loops.Select(l => LoopResult.Of(l.Loop))]);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else TableWriter.Write(terminal, ServiceView.Of(result));
        return service.Code;
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

    private static IHost BuildHost(IConfigurationRoot raw, EdgeOptions options, IReadOnlyList<BuiltLoop> loops, Terminal terminal)
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
            loops, options, p.GetRequiredService<IHostApplicationLifetime>(), p.GetRequiredService<ILogger<LoopService>>()));
        builder.Services.AddHostedService(p => p.GetRequiredService<LoopService>());
        return builder.Build();
    }
}
