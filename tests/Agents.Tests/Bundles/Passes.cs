namespace EdgeAutonomy.Agents.Tests;

internal static class Passes
{
    /// <summary>A pass made the only way there is: from records of every gate and an approval.</summary>
    public static PromotionPass For(string id)
    {
        var at = DateTimeOffset.UnixEpoch;
        GateRecord[] records = [.. Enum.GetValues<Gate>().Select(g => new GateRecord(id, g, RolloutStage.Shadow, true, "", at))];
        return PromotionPass.Issue(records, id, RolloutStage.Shadow, new OperatorApproval("tester", id, RolloutStage.Canary, at));
    }
}
