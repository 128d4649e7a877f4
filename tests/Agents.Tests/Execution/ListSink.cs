namespace EdgeAutonomy.Agents.Tests;

internal sealed class ListSink : IDecisionSink
{
    public List<DecisionRecord> Records { get; } = [];

    public void Record(DecisionRecord record) => Records.Add(record);
}
