namespace EdgeAutonomy.Agents;

/// <summary>What a hub did so far. Nothing is lost without being counted here or in a link.</summary>
/// <param name="Published">Messages that the hub took, wills included.</param>
/// <param name="Delivered">Messages handed to links.</param>
/// <param name="Denied">Messages whose publisher or receiver was not allowed to.</param>
/// <param name="Faulted">Messages lost by the fault programme: dropped or cut off.</param>
/// <param name="Duplicated">Messages delivered once more by the fault programme.</param>
/// <param name="Corrupted">Messages damaged by the fault programme.</param>
/// <param name="QueueFull">Messages lost because too many waited for their receiver.</param>
/// <param name="Offline">Messages lost because their receiver was away and had no session, or went away while they were on their way.</param>
/// <param name="Expired">Messages whose expiry came first.</param>
/// <param name="TooLarge">Messages too large for their receiver.</param>
/// <param name="Wills">Wills that were published.</param>
/// <param name="TakeOvers">Connections that a newer one of the same name ended.</param>
/// <param name="Crashes">Ends of the hub itself.</param>
public readonly record struct HubCounters(
    long Published, long Delivered, long Denied, long Faulted, long Duplicated, long Corrupted, long QueueFull, long Offline, long Expired, long TooLarge,
    long Wills, long TakeOvers, long Crashes);
