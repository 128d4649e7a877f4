namespace EdgeAutonomy.Agents;

/// <summary>A further kind of messages between robots, such as plans, zones or tracks: told what the others send.</summary>
public interface IFleetStream
{
    /// <summary>Takes a message. Called from the step of the node.</summary>
    /// <param name="message">The message; valid during the call.</param>
    /// <returns>False when it is malformed; the node counts it.</returns>
    bool Receive(in FleetMessage message);

    /// <summary>Does what is due.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    void Step(Stamp now);

    /// <summary>Gets when the next step has something to do.</summary>
    Stamp NextDue { get; }
}
