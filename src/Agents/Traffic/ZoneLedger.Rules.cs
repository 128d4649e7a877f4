namespace EdgeAutonomy.Agents;

/// <content>When a request is granted.</content>
public sealed partial class ZoneLedger
{
    private bool Occupies(Robot robot, int zone) => robot.Holds.ContainsKey(zone) || IsSeenIn(robot, zone) || IsPresumedIn(robot, zone);

    private bool IsPresumedIn(Robot robot, int zone) => robot.PresumedUntil > Stamp.Never && !robot.Cleared.Contains(zone) && !IsOutsideForSure(robot, zone, robot.PresumedUntil);

    private bool IsInside(Robot robot)
    {
        if (robot.Holds.Count > 0) return true;
        for (int z = 0; z < _map.Count; z++)
        {
            if (IsSeenIn(robot, z)) return true;
        }
        return false;
    }

    private bool IsSeenIn(Robot robot, int zone) => robot.SeenAt > Stamp.Never && !robot.Cleared.Contains(zone) && _map.Distance(zone, robot.Position) < robot.Radius;

    private bool IsOutsideForSure(Robot robot, int zone, Stamp until)
    {
        if (robot.SeenAt == Stamp.Never) return false;
        double gap = _map.Distance(zone, robot.Position) - robot.Radius;
        if (gap < 0) return false;
        // A beacon sent after the deadline: the robot was outside then and may not enter any more. An earlier one: it may have entered until the deadline if it could get there.
        var free = until + _options.MaxBeaconAge - robot.SeenAt;
        return free.Nanoseconds <= 0 || gap > _options.MaxSpeed * free.Seconds;
    }

    private void Pump(Stamp now)
    {
        if (!Grants(now)) return;
        for (bool again = true; again;)
        {
            again = false;
            _queue.Sort((a, b) => Compare(a, b, now));
            for (int i = 0; i < _queue.Count; i++)
            {
                var w = _queue[i];
                var robot = _robots[w.Rid];
                if (!MayHave(w, robot, i)) continue;
                _queue.RemoveAt(i);
                robot.Route = w.Route;
                Grant(w.Rid, robot, w.Request, w.Zones, now);
                again = true;
                break;
            }
        }
    }

    private int Compare(Waiting a, Waiting b, Stamp now)
    {
        // Others wait for those who hold something.
        int c = IsInside(_robots[b.Rid]).CompareTo(IsInside(_robots[a.Rid]));
        if (c == 0) c = Urgency(b, now).CompareTo(Urgency(a, now));
        return c != 0 ? c : a.Arrival.CompareTo(b.Arrival);
    }

    private long Urgency(Waiting w, Stamp now) => w.Request.Urgency + (now - w.Since).Nanoseconds / Math.Max(1, _options.Aging.Nanoseconds);

    private bool MayHave(Waiting w, Robot robot, int place)
    {
        foreach (int zone in w.Zones)
        {
            if (_closed.Contains(zone) || Others(robot, zone) >= _map[zone].Capacity) return false;
        }
        // A lease for where it stands already changes nothing for the others, and it needs one to get out. Seen there, that is: a lease whose
        // release was lost may be of its way before, and it may come from the other side now.
        if (Array.TrueForAll(w.Zones, z => IsSeenIn(robot, z))) return true;
        if (!IsInside(robot))
        {
            for (int i = 0; i < place; i++)
            {
                if (_queue[i].Zones.Concat(_queue[i].Route).Any(w.Zones.Contains)) return false;
            }
        }
        return IsOneWay(w, robot) && (!_options.ChecksCompletion || AllCanFinish(w, robot));
    }

    private int Others(Robot self, int zone)
    {
        int count = 0;
        foreach (var robot in _robots.Values)
        {
            if (robot != self && Occupies(robot, zone)) count++;
        }
        return count;
    }

    /// <summary>Nobody else is in a corridor of this way, or all drive it in the same direction.</summary>
    private bool IsOneWay(Waiting w, Robot self)
    {
        foreach (string corridor in w.Zones.Concat(w.Route).Select(z => _map[z].Corridor).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal))
        {
            int own = Direction(corridor, self, w.Zones, w.Route);
            foreach (var other in _robots.Values)
            {
                if (other == self || !IsIn(other, corridor)) continue;
                // A way that cannot be told excludes everybody else.
                if (own == 0 || Direction(corridor, other, [], other.Route) != own) return false;
            }
        }
        return true;
    }

    private bool IsIn(Robot robot, string corridor)
    {
        for (int z = 0; z < _map.Count; z++)
        {
            if (_map[z].Corridor == corridor && Occupies(robot, z)) return true;
        }
        return false;
    }

    /// <summary>Remembers the ways of a robot: at the end of a corridor the route no longer tells.</summary>
    private void Follow(Robot robot)
    {
        foreach (string corridor in robot.Holds.Keys.Select(z => _map[z].Corridor).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal)) robot.Ways[corridor] = Direction(corridor, robot, [], robot.Route);
        foreach (string corridor in robot.Ways.Keys.Where(c => !IsIn(robot, c)).ToArray()) robot.Ways.Remove(corridor);
    }

    /// <summary>The sign of the way through a corridor; 0 where it cannot be told.</summary>
    private int Direction(string corridor, Robot robot, int[] zones, int[] route)
    {
        int[] way = [.. (route.Length > 0 ? route : zones).Where(z => _map[z].Corridor == corridor).Select(z => _map[z].Order)];
        bool up = way.Length > 1, down = up;
        for (int i = 1; i < way.Length; i++) (up, down) = (up && way[i] > way[i - 1], down && way[i] < way[i - 1]);
        if (up || down) return up ? 1 : -1;
        if (way.Length == 1)
        {
            // What is held and not ahead lies behind.
            int[] behind = [.. robot.Holds.Keys.Where(z => _map[z].Corridor == corridor && _map[z].Order != way[0]).Select(z => _map[z].Order)];
            if (behind.Length > 0 && behind.All(o => o < way[0])) return 1;
            if (behind.Length > 0 && behind.All(o => o > way[0])) return -1;
        }
        return way.Length > 1 ? 0 : robot.Ways.GetValueOrDefault(corridor);
    }

    /// <summary>After the grant the applicant can get the rest of its route and leave, and so can all who could before.</summary>
    private bool AllCanFinish(Waiting w, Robot self)
    {
        var before = Finishers(null, [], []);
        var after = Finishers(self, w.Zones, w.Route);
        return after.Contains(self) && before.IsSubsetOf(after);
    }

    private HashSet<Robot> Finishers(Robot? applicant, int[] zones, int[] route)
    {
        var left = _robots.Values.Where(r => r == applicant || r.HasLease).ToList();
        var done = new HashSet<Robot>();
        for (bool again = true; again;)
        {
            again = false;
            foreach (var robot in left)
            {
                if (done.Contains(robot) || !CanFinish(robot)) continue;
                done.Add(robot);
                again = true;
            }
        }
        return done;

        bool CanFinish(Robot robot)
        {
            foreach (int zone in robot == applicant ? route.Concat(zones) : robot.Route)
            {
                if (robot.Holds.ContainsKey(zone) || robot == applicant && zones.Contains(zone)) continue;
                int others = applicant is not null && applicant != robot && !done.Contains(applicant) && zones.Contains(zone) && !Occupies(applicant, zone) ? 1 : 0;
                foreach (var other in _robots.Values)
                {
                    if (other != robot && !done.Contains(other) && Occupies(other, zone)) others++;
                }
                if (others >= _map[zone].Capacity) return false;
            }
            return true;
        }
    }
}
