using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A hub in virtual time and what tests need around it: links by name, everything that arrived as text.</summary>
internal sealed class Site(ulong seed = 1, MemoryHubOptions? options = null)
{
    private static readonly Uri Broker = new("mqtt://memory:1883");

    public MemoryHub Hub { get; } = new(seed, options);

    public static LinkOptions Options(string id) => new() { Broker = Broker, ClientId = id, Seed = RandomStream.Fnv1a(id) };

    /// <summary>Makes and starts a link, with one subscription where asked, and runs until it is up.</summary>
    public MemoryLink Join(string id, string? filter = null, Func<LinkOptions, LinkOptions>? change = null, InboxQueue queue = InboxQueue.Commands, int qos = 1, bool noLocal = true)
    {
        var link = Hub.CreateLink((change ?? (o => o))(Options(id)));
        if (filter is not null) link.Subscribe(LinkFilter.Parse(filter), new SubscribeOptions(queue, qos, noLocal));
        _ = link.StartAsync();
        Run(0.01);
        return link;
    }

    public void Run(double seconds) => Hub.RunUntil(Hub.Now + Duration.FromSeconds(seconds));

    public Stamp In(double seconds) => Hub.Now + Duration.FromSeconds(seconds);

    public static PublishOutcome Post(MemoryLink link, string topic, string payload, PublishClass type = PublishClass.Command, bool retain = false, int expiry = 0) =>
        link.Post(LinkTopic.Parse(topic), Encoding.UTF8.GetBytes(payload), new PublishOptions(type, retain, expiry));

    /// <summary>Returns what a task of virtual time gave; it must have ended by now.</summary>
    public static T Ended<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted, "The task has not ended.");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Returns what a link got, in order, as "topic=payload", with a star where it was kept.</summary>
    public static List<string> Got(MemoryLink link)
    {
        var got = new List<string>();
        var message = new LinkMessage();
        while (link.Inbox.TryTake(message)) got.Add($"{Encoding.UTF8.GetString(message.Topic)}={Encoding.UTF8.GetString(message.Payload)}{(message.Retained ? "*" : "")}");
        return got;
    }
}
