<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Review</name>
    <message>
        <source>Your answers are in this file. Send it back to whoever gave you the work:
%1</source>
        <translation>您的答案保存在以下文件中，请将它发回给交给您这项工作的人：
%1</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>评审</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Guideline, version %1</source>
        <translation>指南，第 %1 版</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>指南</translation>
    </message>
    <message>
        <source>This review has no guideline.</source>
        <translation>本次评审没有指南。</translation>
    </message>
    <message>
        <source>Key %1</source>
        <translation>按键 %1</translation>
    </message>
    <message>
        <source>%1 (optional)</source>
        <translation>%1（选填）</translation>
    </message>
    <message>
        <source>%1 Key %2</source>
        <translation>%1 按键 %2</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>无效</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一题</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>题目</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>You skipped this item. An answer now is stored as a correction.</source>
        <translation>您跳过了这道题目。现在作答将作为更正保存。</translation>
    </message>
    <message>
        <source>You called this item broken. An answer now is stored as a correction.</source>
        <translation>您将这道题目标记为无效。现在作答将作为更正保存。</translation>
    </message>
    <message>
        <source>You have judged this item. What you change is stored as a correction.</source>
        <translation>您已评判过这道题目。所做的修改将作为更正保存。</translation>
    </message>
    <message>
        <source>Occupation: %1 · other person: %2</source>
        <translation>职业：%1 · 另一人：%2</translation>
    </message>
    <message>
        <source>This question has no answer yet: %1</source>
        <translation>这个问题尚未回答：%1</translation>
    </message>
    <message>
        <source>Nothing has been stored in this sitting. %1 shows earlier items.</source>
        <translation>本次尚未保存任何评判。按 %1 可查看之前的题目。</translation>
    </message>
    <message>
        <source>These questions have no comment.</source>
        <translation>这些问题没有备注栏。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>复制消息及详情</translation>
    </message>
    <message>
        <source>Raw text of the error</source>
        <translation>错误原文</translation>
    </message>
    <message>
        <source>You are through with your list. Everything is stored.</source>
        <translation>您的列表已全部完成，所有内容均已保存。</translation>
    </message>
    <message>
        <source>The review has all the judgements that it needs. Everything is stored.</source>
        <translation>本次评审所需的评判已经足够，所有内容均已保存。</translation>
    </message>
    <message>
        <source>Your part in this review ends here. Everything is stored.</source>
        <translation>您在本次评审中的工作到此结束，所有内容均已保存。</translation>
    </message>
    <message>
        <source>Undo the last one</source>
        <translation>撤销上一题</translation>
    </message>
    <message>
        <source>Look at earlier items</source>
        <translation>查看之前的题目</translation>
    </message>
    <message>
        <source>Thank you</source>
        <translation>谢谢您</translation>
    </message>
    <message>
        <source>Judged: %1 · skipped: %2 · broken: %3</source>
        <translation>已评判：%1 · 跳过：%2 · 无效：%3</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>You have been rating for 30 minutes. A short break keeps judgements steady.</source>
        <translation>您已连续评审 30 分钟。短暂休息有助于保持评判稳定。</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Larger type</source>
        <translation>增大字号</translation>
    </message>
    <message>
        <source>Smaller type</source>
        <translation>减小字号</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Show the pace</source>
        <translation>显示速度</translation>
    </message>
    <message>
        <source>Go on after the last answer</source>
        <translation>答完最后一问后自动继续</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>练习</translation>
    </message>
    <message>
        <source>Review · %1</source>
        <translation>评审 · %1</translation>
    </message>
    <message>
        <source>rater %1</source>
        <translation>代号 %1</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 %</source>
        <translation>%1 / %2 · %3%</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>每分钟 %1 题</translation>
    </message>
    <message>
        <source>Back to the items</source>
        <translation>返回题目</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation>您的代号</translation>
    </message>
    <message>
        <source>You rate as %1.</source>
        <translation>您以代号 %1 评审。</translation>
    </message>
    <message>
        <source>Letters, digits, “.”, “_” and “-”. Not your name and not an address.</source>
        <translation>英文字母、数字、“.”、“_”和“-”。请勿使用姓名或邮箱地址。</translation>
    </message>
    <message>
        <source>What you are asked</source>
        <translation>您要回答的问题</translation>
    </message>
    <message>
        <source>Everything works with keys alone. “?” shows them.</source>
        <translation>所有操作都可以只用键盘完成。按“?”或 F1 查看按键。</translation>
    </message>
    <message>
        <source>Practice: two minutes</source>
        <translation>练习：两分钟</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Judgements are kept under a code. Type yours to begin.</source>
        <translation>评判以代号保存。请输入您的代号后开始。</translation>
    </message>
    <message>
        <source>Practice is over: %1 of %2 right.</source>
        <translation>练习结束：%2 题中答对 %1 题。</translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>约剩 %n 分钟</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewErrors</name>
    <message>
        <source>The review cannot be opened.</source>
        <translation>无法打开评审。</translation>
    </message>
    <message>
        <source>The item cannot be read.</source>
        <translation>无法读取题目。</translation>
    </message>
    <message>
        <source>The judgement was not stored. Your answers are still here.</source>
        <translation>评判未能保存。您的答案仍在此处。</translation>
    </message>
    <message>
        <source>The state of the review cannot be read. You can go on.</source>
        <translation>无法读取评审状态。您可以继续。</translation>
    </message>
    <message>
        <source>The file with your answers was not written. The answers are kept.</source>
        <translation>答案文件未能写入。您的答案已保留。</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>磁盘已满。请腾出空间后重试。</translation>
    </message>
    <message>
        <source>The folder cannot be written to. Copy the file into a folder of your own.</source>
        <translation>无法写入该文件夹。请将文件复制到您自己的文件夹中。</translation>
    </message>
    <message>
        <source>Another program is using the file. Close it there and try again.</source>
        <translation>另一个程序正在使用该文件。请在那里关闭它后重试。</translation>
    </message>
    <message>
        <source>The file is damaged. Ask for it again where you got it from.</source>
        <translation>文件已损坏。请向提供者重新索取。</translation>
    </message>
    <message>
        <source>The file was made by a newer version of the program. Update the program.</source>
        <translation>该文件由更新版本的程序生成。请更新程序。</translation>
    </message>
    <message>
        <source>The disk cannot be read or written. Check it and try again.</source>
        <translation>无法读写磁盘。请检查后重试。</translation>
    </message>
    <message>
        <source>The program says in English: %1</source>
        <translation>程序的英文消息：%1</translation>
    </message>
</context>
<context>
    <name>ReviewKeys</name>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格键</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>PgUp</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>PgDn</translation>
    </message>
    <message>
        <source>Yes, No</source>
        <translation>是、否</translation>
    </message>
    <message>
        <source>The answer with that number, to the question that is marked</source>
        <translation>为当前标记的问题选择该编号的答案</translation>
    </message>
    <message>
        <source>To another answer or question; then %1 or %2 chooses it</source>
        <translation>移到其他答案或问题；再按 %1 或 %2 选定</translation>
    </message>
    <message>
        <source>Store and go on; with answers missing, to the first of them</source>
        <translation>保存并继续；如有未答的问题，则跳到第一个</translation>
    </message>
    <message>
        <source>Skip: no judgement of this item</source>
        <translation>跳过：不评判这道题目</translation>
    </message>
    <message>
        <source>Broken: the item cannot be judged</source>
        <translation>无效：这道题目无法评判</translation>
    </message>
    <message>
        <source>Comment. %1 leaves the field, %2 begins a new line</source>
        <translation>备注。%1 离开输入框，%2 换行</translation>
    </message>
    <message>
        <source>Undo: take the last judgement back and give it anew</source>
        <translation>撤销：收回上一次评判并重新评判</translation>
    </message>
    <message>
        <source>An earlier item; what is changed there is stored as a correction</source>
        <translation>之前的题目；所做修改作为更正保存</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>再向前</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>指南</translation>
    </message>
    <message>
        <source>Every control in reading order, the item&apos;s text too: there the arrows scroll</source>
        <translation>按阅读顺序到达所有控件，包括题目正文：在正文中方向键用于滚动</translation>
    </message>
    <message>
        <source>Larger type, smaller type, as shipped</source>
        <translation>增大字号、减小字号、恢复默认</translation>
    </message>
    <message>
        <source>Full screen, and out of it</source>
        <translation>进入和退出全屏</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>显示这些按键</translation>
    </message>
</context>
<context>
    <name>ReviewPractice</name>
    <message>
        <source>Is the following statement something you would say?
“%1”</source>
        <translation>下面这句话是您会说的吗？
“%1”</translation>
    </message>
    <message>
        <source>I leave home early so that nobody has to wait for me.</source>
        <translation>我会早早出门，不让任何人等我。</translation>
    </message>
    <message>
        <source>Whoever is always on time says this, so the answer that shows the behaviour is Yes.</source>
        <translation>总是守时的人会这么说，所以体现该行为的答案是“是”。</translation>
    </message>
    <message>
        <source>A quarter of an hour late still counts as on time.</source>
        <translation>迟到一刻钟也算准时。</translation>
    </message>
    <message>
        <source>The statement says the opposite, so the answer that shows the behaviour is No.</source>
        <translation>这句话的意思正相反，所以体现该行为的答案是“否”。</translation>
    </message>
    <message>
        <source>I do not let my friends stand and wait at the station.</source>
        <translation>我不会让朋友站在车站等我。</translation>
    </message>
    <message>
        <source>Mind the “not”: who lets nobody wait is on time. So the answer is Yes.</source>
        <translation>注意“不”字：不让别人等的人是守时的，所以答案是“是”。</translation>
    </message>
    <message>
        <source>I see no reason to look at the clock before a meeting.</source>
        <translation>约会之前，我觉得没有必要看时间。</translation>
    </message>
    <message>
        <source>Whoever is always on time would not say this, so the answer is No.</source>
        <translation>总是守时的人不会这么说，所以答案是“否”。</translation>
    </message>
    <message>
        <source>Deadlines are for other people.</source>
        <translation>截止日期是给别人定的。</translation>
    </message>
    <message>
        <source>It does not matter whether you like the statement: a person who is on time would say No.</source>
        <translation>您是否喜欢这句话并不重要：守时的人会说“否”。</translation>
    </message>
    <message>
        <source>Your kettle still works, but a finer one is on sale. What do you do?</source>
        <translation>您的电水壶还能用，但有一款更漂亮的正在打折。您会怎么做？</translation>
    </message>
    <message>
        <source>I keep the old one.</source>
        <translation>继续用旧的。</translation>
    </message>
    <message>
        <source>I buy the new one at once.</source>
        <translation>马上买新的。</translation>
    </message>
    <message>
        <source>Keeping what works costs nothing, so this answer shows the behaviour.</source>
        <translation>能用的继续用，不花一分钱，所以这个答案体现了该行为。</translation>
    </message>
    <message>
        <source>A friend offers to lend you a tent. What do you say?</source>
        <translation>朋友愿意借给您一顶帐篷。您会怎么说？</translation>
    </message>
    <message>
        <source>I would rather buy one of my own.</source>
        <translation>我宁愿自己买一顶。</translation>
    </message>
    <message>
        <source>Thank you, I will borrow it.</source>
        <translation>谢谢，那我就借用了。</translation>
    </message>
    <message>
        <source>Borrowing saves the price of a tent.</source>
        <translation>借用可以省下买帐篷的钱。</translation>
    </message>
    <message>
        <source>You find an old bank note in a coat. What happens to it?</source>
        <translation>您在大衣里发现一张旧钞票。它会怎么用？</translation>
    </message>
    <message>
        <source>It pays for a long lunch.</source>
        <translation>用来吃一顿丰盛的午餐。</translation>
    </message>
    <message>
        <source>I bet it on a horse.</source>
        <translation>拿去赌马。</translation>
    </message>
    <message>
        <source>It goes into my savings.</source>
        <translation>存起来。</translation>
    </message>
    <message>
        <source>Only one of the three answers saves the money.</source>
        <translation>三个答案中只有一个把钱省了下来。</translation>
    </message>
    <message>
        <source>Which of these sentences is yours?</source>
        <translation>下面哪句话符合您？</translation>
    </message>
    <message>
        <source>I compare prices before I buy.</source>
        <translation>我买东西前会比较价格。</translation>
    </message>
    <message>
        <source>The dearest thing is the best.</source>
        <translation>最贵的就是最好的。</translation>
    </message>
    <message>
        <source>Who compares prices spends less.</source>
        <translation>比较价格的人花得更少。</translation>
    </message>
    <message>
        <source>The bus or a taxi to the airport?</source>
        <translation>去机场坐大巴还是出租车？</translation>
    </message>
    <message>
        <source>I do not mind.</source>
        <translation>都可以。</translation>
    </message>
    <message>
        <source>The bus: it costs a tenth.</source>
        <translation>大巴：只要十分之一的价钱。</translation>
    </message>
    <message>
        <source>The taxi: one sits better.</source>
        <translation>出租车：坐得更舒服。</translation>
    </message>
    <message>
        <source>Not minding is no sign of saving; choosing the bus for its price is.</source>
        <translation>“都可以”并不说明节俭；因为价钱选大巴才是。</translation>
    </message>
    <message>
        <source>The plumber told the customer that ___ would bring a longer pipe tomorrow.</source>
        <translation>水管工告诉顾客，___明天会带一根更长的管子来。</translation>
    </message>
    <message>
        <source>The plumber is the one who brings pipes.</source>
        <translation>带管子来的是水管工。</translation>
    </message>
    <message>
        <source>The nurse asked the visitor whether ___ had been to the ward before.</source>
        <translation>护士问访客，___以前是否来过这个病房。</translation>
    </message>
    <message>
        <source>One asks visitors whether they have been there before.</source>
        <translation>人们会问访客以前是否来过。</translation>
    </message>
    <message>
        <source>The librarian reminded the student that ___ had to return the atlas by Friday.</source>
        <translation>图书管理员提醒学生，___必须在星期五之前归还地图集。</translation>
    </message>
    <message>
        <source>The student has borrowed the atlas.</source>
        <translation>借走地图集的是学生。</translation>
    </message>
    <message>
        <source>The baker apologised to the guest because ___ had burnt the rolls.</source>
        <translation>面包师向客人道歉，因为___把面包卷烤焦了。</translation>
    </message>
    <message>
        <source>Who apologises for the rolls has burnt them: the baker.</source>
        <translation>为面包卷道歉的人就是烤焦它们的人：面包师。</translation>
    </message>
    <message>
        <source>The driver thanked the passenger, who had shown ___ a shorter way.</source>
        <translation>司机感谢了乘客，因为乘客给___指了一条近路。</translation>
    </message>
    <message>
        <source>The passenger has shown the way, so it was shown to the driver.</source>
        <translation>指路的是乘客，所以得到指引的是司机。</translation>
    </message>
    <message>
        <source>Who is meant by the blank?</source>
        <translation>空格处指的是谁？</translation>
    </message>
    <message>
        <source>The person of the occupation</source>
        <translation>从事该职业的人</translation>
    </message>
    <message>
        <source>The other person</source>
        <translation>另一个人</translation>
    </message>
    <message>
        <source>Which answer would a person give who saves every penny?</source>
        <translation>一个精打细算、分文必省的人会选哪个答案？</translation>
    </message>
    <message>
        <source>Which answer would a person give who is always on time?</source>
        <translation>一个总是守时的人会选哪个答案？</translation>
    </message>
    <message>
        <source>Right. %1</source>
        <translation>正确。%1</translation>
    </message>
    <message>
        <source>Not quite. %1</source>
        <translation>不太对。%1</translation>
    </message>
    <message>
        <source>Skipping and calling broken are for items that cannot be judged. %1</source>
        <translation>“跳过”和“无效”只用于无法评判的题目。%1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>练习</translation>
    </message>
</context>
</TS>
