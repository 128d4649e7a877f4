using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>How the loops hang together, for Foxglove's topic graph: sense → sample → perceive → percept → decide → action → act, and where the shown topics come from.</summary>
internal static class LoopGraph
{
    /// <summary>Draws the loops.</summary>
    /// <param name="loops">Name and stages of each: sense, each perceiver, decide, act.</param>
    /// <param name="services">The services of this process.</param>
    public static FoxgloveGraph Of(IEnumerable<(string Loop, IReadOnlyList<string> Stages)> loops, IEnumerable<string> services)
    {
        var published = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var subscribed = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (loop, stages) in loops)
        {
            if (stages.Count < 3) continue;
            string sense = Node(loop, stages[0]), decide = Node(loop, stages[^2]), act = Node(loop, stages[^1]);
            var perceivers = stages.Skip(1).SkipLast(2).Select(s => Node(loop, s)).ToList();
            string sample = $"/loop/{loop}/sample", percept = $"/loop/{loop}/percept", action = $"/loop/{loop}/action";
            string last = perceivers.Count > 0 ? perceivers[^1] : sense, health = Node(loop, "health");
            Add(published, sample, sense);
            foreach (string perceiver in perceivers)
            {
                Add(subscribed, sample, perceiver);
                Add(published, percept, perceiver);
            }
            Add(subscribed, perceivers.Count > 0 ? percept : sample, decide);
            Add(published, action, decide);
            Add(subscribed, action, act);
            foreach (string name in (string[])["image", "scan"]) Add(published, $"/view/{loop}/{name}", sense);
            foreach (string name in (string[])["boxes", "sectors", "pose", "path"]) Add(published, $"/view/{loop}/{name}", last);
            foreach (string name in (string[])["latency", "health"]) Add(published, $"/view/{loop}/{name}", health);
            Add(published, "/log", health);
            Add(published, "/tf", last);
            Add(published, "/view/map", last);
        }
        return new FoxgloveGraph(Freeze(published), Freeze(subscribed), services.ToDictionary(s => s, _ => (IReadOnlyList<string>)["edge"], StringComparer.Ordinal));
    }

    private static string Node(string loop, string stage) => $"{loop}/{stage}";

    private static void Add(Dictionary<string, List<string>> topics, string topic, string node)
    {
        if (!topics.TryGetValue(topic, out var nodes)) topics.Add(topic, nodes = []);
        nodes.Add(node);
    }

    private static Dictionary<string, IReadOnlyList<string>> Freeze(Dictionary<string, List<string>> topics) =>
        topics.ToDictionary(t => t.Key, t => (IReadOnlyList<string>)t.Value, StringComparer.Ordinal);
}
