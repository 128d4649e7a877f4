namespace EdgeAutonomy.Host;

/// <summary>Keys of a robot's place in a fleet. It takes part when the section is there.</summary>
public sealed class FleetSection
{
    /// <summary>Gets whether the robot takes part.</summary>
    [Option("Whether the robot takes part in a fleet; without the section it does not.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Gets the loop that drives.</summary>
    [Option("Name of the loop that gets the places of tasks as goals. Its sensor is a SimulatedRover.", Required = true, IsName = true)]
    public string Loop { get; init; } = "";

    /// <summary>Gets the site.</summary>
    [Option("The site's name in topics, the same for all its robots.", IsName = true)]
    public string Site { get; init; } = "site1";

    /// <summary>Gets the broker.</summary>
    [Option("The broker: mqtt://host:port, or mqtts://host:port with CaFile.")]
    public string Broker { get; init; } = "mqtt://127.0.0.1:1883";

    /// <summary>Gets who votes.</summary>
    [Option("Names (Robot:Id) of the robots that vote about leases and the coordinator: an odd number, the same list on all robots.", Required = true)]
    public string[] Voters { get; init; } = [];

    /// <summary>Gets the number of that list.</summary>
    [Option("Number of the list of voters; count it up whenever the list changes.", Min = 1, Max = 1_000_000)]
    public int Roster { get; init; } = 1;

    /// <summary>Gets whether a new disk may vote.</summary>
    [Option("Whether this robot may vote although its Store is new. Set it for the first start of a fleet only: a robot that has lost its disk must not vote until a person has looked.")]
    public bool Admit { get; init; }

    /// <summary>Gets whether a robot that lost its disk may vote again.</summary>
    [Option("Whether this robot, which voted before and lost its Store, may vote again once a majority of the other voters has told it what they have promised. Set it for one start.")]
    public bool Readmit { get; init; }

    /// <summary>Gets the site map.</summary>
    [Option("A site map (NAME.site.json), the same on all robots: its zones are entered only with the coordinator's leave; empty = none.", IsFile = true)]
    public string Map { get; init; } = "";

    /// <summary>Gets the folder of promises.</summary>
    [Option("Folder where the robot keeps what it has promised, from the configuration file's folder on.")]
    public string Store { get; init; } = "fleet";

    /// <summary>Gets the certificates that may sign the broker's.</summary>
    [Option("Certificates of those who may sign the broker's, PEM; needed with mqtts.", IsFile = true)]
    public string CaFile { get; init; } = "";

    /// <summary>Gets the robot's certificate.</summary>
    [Option("The robot's certificate, PEM; its common name is Robot:Id.", IsFile = true)]
    public string CertificateFile { get; init; } = "";

    /// <summary>Gets its key.</summary>
    [Option("Its key, PEM, readable by the service only.", IsFile = true)]
    public string KeyFile { get; init; } = "";

    /// <summary>Gets the user.</summary>
    [Option("The user at the broker; empty = none.")]
    public string User { get; init; } = "";

    /// <summary>Gets the file of the password.</summary>
    [Option("File with the password, one line; never the password itself, because configurations are recorded.", IsFile = true)]
    public string PasswordFile { get; init; } = "";
}
