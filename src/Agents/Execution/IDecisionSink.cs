namespace EdgeAutonomy.Agents;

/// <summary>Takes decision records: a log, a recorder, the monitors.</summary>
public interface IDecisionSink
{
    /// <summary>Takes one record. Must not block: the robot waits. Called by the runtime, one at a time.</summary>
    /// <param name="record">The record; immutable.</param>
    void Record(DecisionRecord record);
}
