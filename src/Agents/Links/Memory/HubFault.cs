namespace EdgeAutonomy.Agents;

/// <summary>A fault of the programme while the hub runs.</summary>
internal sealed class HubFault(Fault data, RandomStream random)
{
    public Fault Data { get; } = data;

    public RandomStream Random { get; } = random;

    public LinkFilter? Filter { get; } = data.Scope.Topic is { } topic ? LinkFilter.Parse(topic) : null;

    /// <summary>Gets the clients whose way to the hub this fault has cut, with which way.</summary>
    public List<(HubClient Client, bool Up, bool Down)> Cut { get; } = [];

    /// <summary>Gets the group of every client that is named.</summary>
    public Dictionary<string, int> Groups { get; } = GroupsOf(data);

    /// <summary>Gets or sets what was stored at the instant to return to.</summary>
    public HubSnapshot? Captured { get; set; }

    public bool HasBegun { get; set; }

    /// <summary>Gets or sets when a slow consumer takes the next message.</summary>
    public long NextFree { get; set; }

    /// <summary>Gets whether this cuts clients from the hub rather than from each other.</summary>
    public bool CutsFromHub => Data.Kind switch
    {
        FaultKind.Partition => Groups.ContainsKey(FaultScope.Hub),
        FaultKind.OneWay => Data.Scope.Publisher == FaultScope.Hub || Data.Scope.Receiver == FaultScope.Hub,
        FaultKind.Disconnect => Data.Mode == DisconnectMode.Frozen,
        _ => false,
    };

    public int GroupOf(string client) => Groups.GetValueOrDefault(client, -1);

    public bool Concerns(HubMessage message, HubSubscription to, int qos)
    {
        var scope = Data.Scope;
        return (scope.Publisher is null || scope.Publisher == message.Publisher.Id)
            && (scope.Receiver is null || scope.Receiver == to.Client.Id)
            && (scope.Qos is null || scope.Qos == qos)
            && (Filter is null || Filter.Matches(message.Topic.Utf8));
    }

    private static Dictionary<string, int> GroupsOf(Fault data)
    {
        var groups = new Dictionary<string, int>();
        for (int i = 0; i < data.Groups.Count; i++)
        {
            foreach (string client in data.Groups[i]) groups[client] = i;
        }
        return groups;
    }
}
