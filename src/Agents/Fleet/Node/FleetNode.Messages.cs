using System.Buffers.Binary;

namespace EdgeAutonomy.Agents;

// What arrives, by stream, and what is answered.
public sealed partial class FleetNode
{
    private string _ackTo = "", _ackStream = "";

    private void Receive(LinkMessage message)
    {
        _received++;
        if (!Topics.TryRead(message.Topic, out var address))
        {
            _foreign++;
            return;
        }
        if (address.Robot.IsEmpty)
        {
            Count(OnTask(address.Rest, message.Payload));
            return;
        }
        bool isOwn = address.Robot.SequenceEqual(_selfUtf8);
        if (isOwn && !address.Stream.SequenceEqual("status"u8)) return;
        if (_names.Take(address.Robot, FleetNames.MaxRobot) is not { } from) _malformed++;
        else if (address.Stream.SequenceEqual("beacon"u8) || address.Stream.SequenceEqual("cell"u8)) Count(OnBeacon(from, message.Payload));
        else if (address.Stream.SequenceEqual("cbba"u8)) Count(OnBids(from, message));
        else if (address.Stream.SequenceEqual("hb"u8)) Count(OnHeartbeat(from, message.Payload));
        else if (address.Stream.SequenceEqual("hback"u8)) Count(OnAck(from, message.Payload));
        else if (address.Stream.SequenceEqual("status"u8)) Count(OnStatus(from, isOwn, message));
        else if (address.Stream.SequenceEqual("claim"u8)) Count(OnClaim(from, address.Rest, message.Payload));
        else if (address.Stream.SequenceEqual("vote"u8)) Count(OnVote(from, address.Rest, message.Payload));
        else OnStream(from, address, message);
    }

    private void Count(bool wellFormed)
    {
        if (!wellFormed) _malformed++;
    }

    private void OnStream(string from, in FleetAddress address, LinkMessage message)
    {
        if (_names.Take(address.Stream, FleetNames.MaxTask) is not { } name || !_streams.TryGetValue(name, out var stream)) _foreign++;
        else Count(stream.Receive(new FleetMessage { From = from, Rest = address.Rest, Payload = message.Payload, Retained = message.Retained, Correlation = message.Correlation, Now = _now }));
    }

    private bool OnTask(ReadOnlySpan<byte> id, ReadOnlySpan<byte> payload)
    {
        if (_names.Take(id, FleetNames.MaxTask) is not { } task || !FleetTask.TryRead(payload, task, _names, out var envelope, out var read)) return false;
        _desk.OnTask(envelope, read!, _now);
        return true;
    }

    private bool OnBeacon(string from, ReadOnlySpan<byte> payload)
    {
        if (!Beacon.TryRead(payload, out var beacon)) return false;
        // Of a robot in cells one hears only what it sends near by: the rest is not missed.
        Members.OnBeacon(from, beacon, _now, mayMiss: Cells is not null);
        return true;
    }

    private bool OnStatus(string from, bool isOwn, LinkMessage message)
    {
        if (!StatusMessage.TryRead(message.Payload, out var envelope, out var status)) return false;
        if (!isOwn) Members.OnStatus(from, envelope, status, message.Retained, _now);
        else if (envelope.Incarnation > _presence.Incarnation) Rise(envelope.Incarnation);
        else if (status.Presence != RobotPresence.Online && envelope.Incarnation == _presence.Incarnation) SayAgain();
        return true;
    }

    private bool OnBids(string from, LinkMessage message)
    {
        if (!CbbaMessage.TryRead(message.Payload, _names, _bids, out var envelope) || envelope.Sequence > uint.MaxValue) return false;
        if (Members.Hear(from, envelope.Incarnation, _now, false) is not { } member) return true;
        if (!member.CbbaMark.Accept(envelope.Incarnation, envelope.Sequence, out _))
        {
            _stale++;
            return true;
        }
        if (!message.Retained) Members.Evident(member, _now);
        for (int i = 0; i < _bids.Robots.Count; i++)
        {
            string robot = _bids.Robots[i];
            uint incarnation = (uint)(_bids.Stamps[i] >> 32);
            if (robot == Robot)
            {
                if (incarnation > _presence.Incarnation) Rise(incarnation);
            }
            else if (_bids.Stamps[i] > _desk.Cbba.NewsOf(robot) && Members.Hear(robot, incarnation, _now, false) is { } heard && !message.Retained) Members.Evident(heard, _now);
        }
        _desk.OnBids(from, (ulong)envelope.Incarnation << 32 | envelope.Sequence, _bids, _isLost, _now);
        return true;
    }

    private bool OnHeartbeat(string from, ReadOnlySpan<byte> payload)
    {
        if (!FleetPrefix.TryRead(payload, out var prefix) || prefix.Kind != FleetKind.Heartbeat || prefix.Epoch is 0 or >= uint.MaxValue) return false;
        if (Members.Hear(from, prefix.Incarnation, _now, true) is not { } member) return true;
        if (!member.HeartbeatMark.Accept(prefix.Incarnation, prefix.Sequence, out ulong gap))
        {
            _stale++;
            return true;
        }
        member.Gaps += gap;
        if (_elector.OnBeat(from, (uint)prefix.Epoch, _now, out var later)) Acknowledge(from, prefix);
        if (later is { } vote) Send(vote);
        return true;
    }

    private void Acknowledge(string leader, in FleetPrefix beat)
    {
        if (_ackTo != leader) (_ackTo, _ackStream) = (leader, $"hback/{leader}");
        var stream = _voice.Stream(_ackStream);
        var envelope = _voice.Next(stream);
        new FleetPrefix(FleetKind.HeartbeatAck, FleetFlags.None, envelope.Incarnation, envelope.Sequence, beat.Epoch, envelope.WallNs).Write(_binary);
        BinaryPrimitives.WriteUInt64LittleEndian(_binary.AsSpan(FleetPrefix.Size), beat.Sequence);
        _voice.Send(stream.Topic, _binary.AsSpan(0, FleetPrefix.Size + 8), new PublishOptions(PublishClass.Beacon, ExpirySeconds: 1));
    }

    private bool OnAck(string from, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < FleetPrefix.Size + 8 || !FleetPrefix.TryRead(payload, out var prefix) || prefix.Kind != FleetKind.HeartbeatAck) return false;
        if (Members.Hear(from, prefix.Incarnation, _now, true) is null || prefix.Epoch > uint.MaxValue) return true;
        _elector.OnAck(from, (uint)prefix.Epoch, BinaryPrimitives.ReadUInt64LittleEndian(payload[FleetPrefix.Size..]));
        return true;
    }

    private bool OnClaim(string from, ReadOnlySpan<byte> id, ReadOnlySpan<byte> payload)
    {
        if (id.SequenceEqual("coord"u8))
        {
            if (!ElectionRequest.TryRead(payload, out var asked, out var request)) return false;
            if (Members.Hear(from, asked.Incarnation, _now, true) != null && _elector.OnRequest(from, request, _now) is { } vote) Send(vote);
            return true;
        }
        if (id.SequenceEqual("ledger"u8)) return OnLedgerAsk(from, payload);
        if (_names.Take(id, FleetNames.MaxTask) is not { } task || !LeaseClaim.TryRead(payload, task, out var envelope, out var claim)) return false;
        if (Members.Hear(from, envelope.Incarnation, _now, true) is null) return true;
        if (_voter.OnClaim(from, claim, LeaseTime(_now)) is { } answer) Send(answer);
        return true;
    }

    private bool OnLedgerAsk(string from, ReadOnlySpan<byte> payload)
    {
        if (!LedgerWire.TryRead(payload, out var envelope, out LedgerAsk ask)) return false;
        if (Members.Hear(from, envelope.Incarnation, _now, true) is null || ask.To != Robot || ask.Roster != _options.Roster.Number || !_options.Roster.Has(from)) return true;
        if (_voter.Ledger(ask.After, out bool more) is not { } rows) return true;
        var stream = _voice.Stream("vote/ledger");
        _voice.Send(stream.Topic, LedgerWire.Write(_voice.Next(stream), new LedgerPage(ask.Roster, from, envelope.Incarnation, ask.After, _elector.Term, rows, more)), new PublishOptions(PublishClass.Command, ExpirySeconds: 5));
        return true;
    }

    private bool OnLedgerPage(string from, ReadOnlySpan<byte> payload)
    {
        if (!LedgerWire.TryRead(payload, out var envelope, out LedgerPage page)) return false;
        if (Members.Hear(from, envelope.Incarnation, _now, true) != null) _recovery.OnPage(from, page, _now);
        return true;
    }

    // A voter on a new disk learns what its old one knew before it votes.
    private void Recover()
    {
        if (!_recovery.IsWanted) return;
        _recovery.Incarnation = _presence.Incarnation;
        if (_recovery.Answered >= _recovery.Needed && _recovery.Finish(term => _elector.Relearn(term, _now))) return;
        while (_recovery.TryAsk(_now, out var ask))
        {
            var stream = _voice.Stream("claim/ledger");
            _voice.Send(stream.Topic, LedgerWire.Write(_voice.Next(stream), ask), new PublishOptions(PublishClass.Command, ExpirySeconds: 5));
        }
    }

    private void AnswerOwn(LeaseClaim claim)
    {
        if (_voter.OnClaim(Robot, claim, LeaseTime(_now)) is { } answer) Send(answer);
    }

    private bool OnVote(string from, ReadOnlySpan<byte> id, ReadOnlySpan<byte> payload)
    {
        if (id.SequenceEqual("coord"u8))
        {
            if (!ElectionVote.TryRead(payload, _names, out var voted, out var vote)) return false;
            if (Members.Hear(from, voted.Incarnation, _now, true) != null && _elector.OnVote(from, vote, _now) is { } request) Send(request);
            return true;
        }
        if (id.SequenceEqual("ledger"u8)) return OnLedgerPage(from, payload);
        if (_names.Take(id, FleetNames.MaxTask) is not { } task || !LeaseVote.TryRead(payload, task, _names, out var envelope, out var lease)) return false;
        if (Members.Hear(from, envelope.Incarnation, _now, true) != null) _desk.OnVote(from, lease, LeaseTime(_now));
        return true;
    }

    private void Send(in ElectionRequest request)
    {
        var stream = _voice.Stream("claim/coord");
        request.Write(_voice.Json(), _voice.Next(stream));
        _voice.SendJson(stream.Topic, new PublishOptions(PublishClass.Command, ExpirySeconds: 2));
    }

    private void Send(in ElectionVote vote)
    {
        var stream = _voice.Stream("vote/coord");
        vote.Write(_voice.Json(), _voice.Next(stream));
        _voice.SendJson(stream.Topic, new PublishOptions(PublishClass.Command, ExpirySeconds: 2));
    }

    private void Send(in LeaseVote vote)
    {
        // Votes count towards the own lease too, and the broker does not send them back.
        _desk.OnVote(Robot, vote, LeaseTime(_now));
        var stream = _voice.TaskStream("vote", vote.Task);
        vote.Write(_voice.Json(), _voice.Next(stream));
        _voice.SendJson(stream.Topic, new PublishOptions(PublishClass.Command, ExpirySeconds: 5));
    }

    private void SayAgain()
    {
        if (_now < _againAt) return;
        (_againAt, _statusAt) = (_now + new Duration(1_000_000_000), _now + StatusPeriod);
        // While it is down the link says it by itself at the next connection.
        if (_link.Status.State != LinkState.Up) return;
        var (topic, payload, options) = _presence.Again();
        _voice.Send(topic, payload, options);
    }

    private void Rise(uint seen)
    {
        if (!_presence.TryRise(seen)) return;
        _reincarnations++;
        _desk.OnReincarnated(_presence.Incarnation, _now);
        _elector.StepDown(_now);
        SayAgain();
    }
}
