using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>What is known before the machine is looked at.</summary>
/// <param name="File">The configuration file; null = none.</param>
/// <param name="Configuration">What it says; null = none.</param>
/// <param name="Broker">The broker that the command line names; null = none.</param>
/// <param name="System">Where the system tells about itself.</param>
internal sealed record DoctorContext(string? File, ConfigurationResult? Configuration, Uri? Broker, SystemFiles System)
{
    /// <summary>Gets the configuration's options, or the defaults.</summary>
    public EdgeOptions Options { get; } = Configuration?.Options ?? new EdgeOptions();

    /// <summary>Gets where relative paths start.</summary>
    public string Folder { get; } = File is null ? Directory.GetCurrentDirectory() : Path.GetDirectoryName(Path.GetFullPath(File)) ?? ".";

    /// <summary>Gets the robot's place in a fleet; null = none.</summary>
    public FleetSection? Fleet => Options.Fleet is { Enabled: true } fleet ? fleet : null;

    /// <summary>Gets the broker that is to be tried, the command line's before the configuration's; null = none.</summary>
    public Uri? Target => Broker ?? (Fleet is { } fleet && Uri.TryCreate(fleet.Broker, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address : null);

    /// <summary>Gets the shortest period of the loops in milliseconds; the standard one without loops.</summary>
    public double ShortestPeriodMs => Options.Loops.Count == 0 ? new PeriodSection().MinMs : Options.Loops.Values.Min(l => l.Period.Policy == PeriodPolicy.Fixed && l.Period.FixedMs > 0 ? l.Period.FixedMs : l.Period.MinMs);

    /// <summary>Returns how the broker is tried: as the robot would, under a name of its own, so that a robot that runs is not thrown out.</summary>
    public LinkOptions Link(Uri broker)
    {
        var options = new LinkOptions { Broker = broker, ClientId = $"edge-doctor-{Environment.ProcessId}", KeepAliveSeconds = 10 };
        return Fleet is null ? options : Links.Secure(options, Fleet);
    }

    /// <summary>Returns a topic that the robot may write and read; without a fleet one of our own.</summary>
    public LinkTopic Echo => Fleet is { } fleet ? new FleetTopics(fleet.Site, Options.Robot.Id).Own("doctor") : LinkTopic.Parse($"edge-doctor/{Environment.ProcessId}");
}
