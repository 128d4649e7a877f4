namespace EdgeAutonomy.Host;

/// <summary>How patient a robot is with its own body.</summary>
internal sealed record MissionBodyOptions
{
    /// <summary>Gets the time that any drive may take, in seconds.</summary>
    public double DriveSeconds { get; init; } = 20;

    /// <summary>Gets what is added to it for each metre of the straight way, in seconds: slow enough for a robot that goes round things that move.</summary>
    public double SecondsPerMetre { get; init; } = 5;

    /// <summary>Gets how far from the middle of a place, in metres, the robot may stand and still work there.</summary>
    public double NearMetre { get; init; } = 0.7;

    /// <summary>Gets how much longer than its work a robot may take to come to rest and stay there, in seconds.</summary>
    public double RestSeconds { get; init; } = 10;

    /// <summary>Gets after how many commands in a row that were not carried out the mission is given up.</summary>
    public int MaxFailures { get; init; } = 3;
}
