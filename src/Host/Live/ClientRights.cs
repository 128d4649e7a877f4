namespace EdgeAutonomy.Host;

/// <summary>What a client of the live endpoint may do beside looking.</summary>
/// <param name="MayStop">Whether it may stop the robot, or steer a playback, which harms nobody.</param>
/// <param name="MayControl">Whether it may change anything else: clear a stop, cap the period.</param>
public readonly record struct ClientRights(bool MayStop, bool MayControl);
